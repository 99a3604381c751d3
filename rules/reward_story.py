"""How a distribution is told: the basis of each line, and the derivation tree.

In: what was decided. Out: text and `Derivation` steps. Nothing here computes an amount.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rules.citing import cited
from rules.derivation import Derivation, step
from rules.money import format_yuan, percent
from rules.money_tables import WHOLE, HouseShares, RewardPart, RewardScale, Tier
from rules.money_words import MODE_LABELS, PARTY_LABELS, REWARDED
from rules.packs import RuleBook
from rules.reward_scales import DERIVED, Floor, Scales
from rules.rule import Rule

# What is divided, per group of modes.
_BASE = {
    "license": ("净收入", "net income"),
    "equity": ("股份（出资）价值", "the value of the shares"),
    "implementation": ("年度营业利润", "the operating profit of the year"),
}


def rounded_bp(weight: int, total: int) -> int:
    """Return a share in basis points, half up."""
    return (2 * weight * WHOLE + total) // (2 * total)


@dataclass(frozen=True)
class Story:
    """What was decided about one distribution: enough to tell it."""

    mode: str
    net_fen: int
    contract_fen: int
    scales: Scales
    row: HouseShares | None
    floor: Floor | None
    book: RuleBook
    on: date

    @property
    def base(self) -> tuple[str, str]:
        """What is divided, in Chinese and in English."""
        return _BASE[self.scales.group]

    def basis(self, party: str, weights: Mapping[str, int]) -> tuple[str, str]:
        """Return why a party gets its share."""
        return self._default_basis(party, weights) if self.row is None else self._house_basis(party, weights)

    def line_step(self, party: str, weights: Mapping[str, int], amount: int) -> Derivation:
        """Return the step of one line."""
        zh, en = PARTY_LABELS[party]
        basis_zh, basis_en = self.basis(party, weights)
        return step(
            f"line_{party}",
            f"{zh}得{format_yuan(amount)}元：{basis_zh}",
            f"{en}: {format_yuan(amount)} yuan ({basis_en})",
            amount,
            "fen",
            rule=self._rule_of(party),
        )

    def told(
        self, weights: Mapping[str, int], amounts: Mapping[str, int], lines: tuple[Derivation, ...]
    ) -> Derivation:
        """Return the whole tree: what is divided, the floor, why this share, the reward, the lines."""
        zh, en = self.base
        mode_zh, mode_en = MODE_LABELS[self.mode]
        reward = sum(amount for party, amount in amounts.items() if party in REWARDED)
        share, sign_zh, sign_en = self._share(
            sum(w for party, w in weights.items() if party in REWARDED), sum(weights.values())
        )
        parts = [
            step("net", f"{zh}{format_yuan(self.net_fen)}元", f"{en}: {format_yuan(self.net_fen)} yuan", self.net_fen, "fen"),
            *self._mode_steps(),
            *self._floor_steps(),
            self._why(),
            step(
                "reward",
                f"奖励合计为{sign_zh}{percent(share)}，不足一分的进为一分，得{format_yuan(reward)}元",
                f"the reward is {sign_en}{percent(share)}, rounded up to the fen: {format_yuan(reward)} yuan",
                reward,
                "fen",
            ),
            *lines,
        ]  # fmt: skip
        return step(
            "distribution",
            f"{mode_zh}的{zh}{format_yuan(self.net_fen)}元分配完毕，各方合计{format_yuan(sum(amounts.values()))}元",
            f"{mode_en}: {format_yuan(self.net_fen)} yuan divided, the lines add up exactly",
            self.net_fen,
            "fen",
            *parts,
        )

    def _mode_steps(self) -> list[Derivation]:
        if self.mode not in DERIVED:
            return []
        rule_id, zh, en = DERIVED[self.mode]
        return [step("mode", zh, en, self.mode, "text", rule=cited(self.book, rule_id, self.on))]

    def _floor_steps(self) -> list[Derivation]:
        zh, en = self.base
        told = []
        if self.floor is not None:
            binds = self.floor.binding == "floor"
            told.append(
                step(
                    "floor",
                    f"{'法定下限' if binds else '未另有约定时的比例'}：奖励不低于{zh}的{percent(self.floor.bp)}，"
                    f"即{format_yuan(self.floor.amount_fen)}元",
                    f"{'mandatory' if binds else 'without other agreement'}: at least {percent(self.floor.bp)} of {en}",
                    self.floor.bp,
                    "bp",
                    rule=self.floor.rule,
                )
            )
        if self.scales.offered is not None:
            row = self.scales.offered
            told.append(
                step(
                    "offered",
                    f"{row.place}可选比例：{zh}的{percent(row.min_bp)}，供选用，不是强制",
                    f"offered scale of the province: {percent(row.min_bp)} of {en}, not mandatory",
                    row.min_bp,
                    "bp",
                    rule=cited(self.book, row.rule, self.on),
                )
            )
        return told

    def _why(self) -> Derivation:
        if self.row is None:
            return self._why_default()
        return step(
            "house_shares",
            f"{self._house_zh()}，{self._tiers_zh(self.row)}，比例适用于{self.base[0]}",
            f"{self._house_en()}: {self._tiers_en(self.row)}, applied to {self.base[1]}",
            self.contract_fen,
            "fen",
            rule=cited(self.book, self.row.rule, self.on),
        )

    def _why_default(self) -> Derivation:
        row = self._default_row()
        if row.binding == "default":
            zh, en = (
                "单位没有规定分配比例，采用本省可选比例",
                "no house rule; the province's optional scale is taken",
            )
        else:
            zh, en = "单位没有规定分配比例，按法定下限分配", "no house rule; the floor of the law is taken"
        return step("default", zh, en, row.min_bp, "bp", rule=cited(self.book, row.rule, self.on))

    def _default_row(self) -> RewardScale:
        rows = [row for row in (self.scales.floor, self.scales.offered) if row is not None]
        return max(rows, key=lambda row: row.min_bp)

    def _part_of(self, party: str) -> RewardPart | None:
        return next((part for part in self.scales.parts if part.party == party), None)

    def _rule_of(self, party: str) -> Rule:
        if self.row is not None:
            return cited(self.book, self.row.rule, self.on)
        part = self._part_of(party)
        if part is None and party == "institution":
            return cited(self.book, "RW-01", self.on)
        return cited(self.book, part.rule if part is not None else self._default_row().rule, self.on)

    def _default_basis(self, party: str, weights: Mapping[str, int]) -> tuple[str, str]:
        zh, en = self.base
        if party not in REWARDED:
            part = self._part_of(party)
            if part is not None:
                return f"{zh}的{percent(part.min_bp)}", f"{percent(part.min_bp)} of {en}"
            return f"{zh}扣除奖励后的部分", f"{en} less the reward"
        reward = sum(weight for name, weight in weights.items() if name in REWARDED)
        inside = percent(rounded_bp(weights[party], reward))
        whole = percent(self._default_row().min_bp)
        return f"{zh}的{whole}为奖励，其中的{inside}", f"{inside} of the reward, which is {whole} of {en}"

    def _house_basis(self, party: str, weights: Mapping[str, int]) -> tuple[str, str]:
        row, (zh, en) = self.row, self.base
        share, sign_zh, sign_en = self._share(weights[party], sum(weights.values()))
        assert row is not None  # noqa: S101  only asked with a house's row
        return (
            f"{zh}的{sign_zh}{percent(share)}，{self._tiers_zh(row)}",
            f"{sign_en}{percent(share)} of {en}, {self._tiers_en(row)}",
        )

    def _share(self, weight: int, total: int) -> tuple[int, str, str]:
        """Return a share in basis points, and 约 if it is rounded."""
        exact = weight * WHOLE % total == 0
        return rounded_bp(weight, total), "" if exact else "约", "" if exact else "about "

    def _house_zh(self) -> str:
        return f"单位规则“{self._house_title()}”"

    def _house_en(self) -> str:
        return f"house rule {self.row.layer if self.row else ''}"

    def _house_title(self) -> str:
        layer = self.row.layer if self.row else ""
        return next((head.title for head in self.book.packs if head.name == layer), layer)

    def _tiers_zh(self, row: HouseShares) -> str:
        if len(row.tiers) == 1:
            return "不分档"
        amount = f"合同金额{format_yuan(self.contract_fen)}元"
        if row.method == "progressive" and self.contract_fen:
            reached = [
                f"{_range_zh(tier)}的{format_yuan(fen)}元" for tier, fen in row.slices(self.contract_fen)
            ]
            return f"{amount}逐档累进：{'、'.join(reached)}"
        tier = row.tier_for(self.contract_fen)
        return f"{amount}属于第{row.tiers.index(tier) + 1}档（{_range_zh(tier)}）"

    def _tiers_en(self, row: HouseShares) -> str:
        if len(row.tiers) == 1:
            return "one tier"
        amount = f"contract amount {format_yuan(self.contract_fen)} yuan"
        if row.method == "progressive" and self.contract_fen:
            return f"{amount}, progressive over {len(list(row.slices(self.contract_fen)))} tiers"
        return f"{amount} falls into tier {row.tiers.index(row.tier_for(self.contract_fen)) + 1}"


def _range_zh(tier: Tier) -> str:
    if tier.max_fen is None:
        return f"超过{format_yuan(tier.min_fen - 1)}元" if tier.min_fen else "不限"
    if tier.min_fen == 0:
        return f"不超过{format_yuan(tier.max_fen)}元"
    return f"超过{format_yuan(tier.min_fen - 1)}元至{format_yuan(tier.max_fen)}元"
