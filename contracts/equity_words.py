"""The terms of a contribution in words: clause texts, shares, rows of notice and approval form."""

from collections.abc import Mapping
from typing import Any

from contracts.deal import PRICE_METHODS, AmountBasis, FeeWords, OwnerChange, PaymentLine, Row
from contracts.equity_fields import (
    AWARD_WAYS,
    EXITS,
    FORMS,
    HOLDERS,
    PAYERS,
    ROLES,
    SHORTFALLS,
    WAYS,
    EquityFields,
)
from contracts.phrases import BLANK, cell, day, joined, label, lines, money, money_or_none, per_ten_thousand
from rules.dates import chinese_date
from rules.money import format_yuan, percent

_WHOLE_BP = 10_000


def ratio(part: int, whole: int) -> str:
    """Return a share of the capital: 12.5%; one that is not a whole hundredth of a percent is rounded and says so."""
    exact, rest = divmod(part * _WHOLE_BP, whole)
    return percent(exact) if not rest else f"约{percent(exact + (2 * rest >= whole))}"


def company_share(terms: EquityFields) -> str:
    """Return the share of the company that the patents form."""
    return ratio(terms.capital_fen, terms.registered_capital_fen)


def terms_words(terms: EquityFields) -> dict[str, Any]:
    """Return the terms in words, as the clause texts use them."""
    kept = terms.capital_fen - terms.awarded_fen()
    return {
        **terms.general_words(),
        "business": joined(terms.business),
        "founding": terms.way == "founding",
        "way": label(WAYS, terms.way),
        "company": terms.company_name,
        "company_place": terms.company_place or BLANK,
        "registered_capital": money(terms.registered_capital_fen),
        "resident": terms.resident,
        "price_method": terms.price_method,
        "price_method_zh": label(PRICE_METHODS, terms.price_method),
        "value": money(terms.value_fen),
        "capital": money(terms.capital_fen),
        "reserve": money_or_none(terms.value_fen - terms.capital_fen),
        "share": company_share(terms),
        "cash": money_or_none(terms.cash_fen),
        "all_shares": not terms.cash_fen,
        "holder": holder(terms),
        "by_asset_company": terms.holder == "asset_company",
        "holder_name": terms.holder_name,
        "kept": money_or_none(kept),
        "kept_share": ratio(kept, terms.registered_capital_fen),
        "awarded": money_or_none(terms.awarded_fen()),
        "awarded_of_ours": ratio(terms.awarded_fen(), terms.capital_fen),
        "award_way": terms.award_way,
        "award_way_zh": label(AWARD_WAYS, terms.award_way),
        "platform": terms.platform_name,
        "title_shared": terms.title_shared,
        "transfer_by": chinese_date(terms.transfer_by),
        "change_payer": label(PAYERS, terms.change_payer),
        "materials": bool(terms.materials),
        "materials_due": day(terms.materials_due_on),
        "materials_place": terms.materials_place or BLANK,
        "support_days": terms.support_days,
        "retained_use": terms.retained_use,
        "improvements": terms.improvements,
        "warranty": joined(terms.warranty),
        "shortfall": terms.shortfall,
        "directors": terms.directors,
        "our_directors": terms.our_directors,
        "our_supervisor": terms.our_supervisor,
        "reserved_matters": [matter.rstrip("。；") for matter in terms.reserved_matters],
        "report_days": terms.report_days,
        "anti_dilution": terms.anti_dilution,
        "non_compete": lines(terms.non_compete),
        "lockup_years": terms.lockup_years,
        "exits": [label(EXITS, way) for way in terms.exits],
        "exit_note": lines(terms.exit_note),
        "confidentiality_years": terms.confidentiality_years,
        "late_interest": per_ten_thousand(terms.late_interest_bp),
        "penalty": money_or_none(terms.penalty_fen),
    }


def holder(terms: EquityFields) -> str:
    """Name who holds the shares that are not awarded."""
    return terms.holder_name or label(HOLDERS, terms.holder)


def shareholder_rows(terms: EquityFields) -> list[dict[str, Any]]:
    """Return the shareholders after the contribution, ours and the persons first: what the annex lists."""
    whole = terms.registered_capital_fen
    kept = terms.capital_fen - terms.awarded_fen()
    ours = [(terms.holder_name or "出资方", "专利权", kept, "")] if kept else []
    persons = [(award.name, "专利权（股权奖励）", award.capital_fen, "") for award in terms.awards]
    others = [
        (s.name, label(FORMS, s.form), s.capital_fen, day(s.pay_by, "公司成立之日起五年内"))
        for s in terms.shareholders
    ]
    by = f"{chinese_date(terms.transfer_by)}前提交变更"
    return [
        {
            "n": n,
            "name": name,
            "form": form,
            "capital": format_yuan(fen),
            "share": ratio(fen, whole),
            "by": pay_by or by,
        }
        for n, (name, form, fen, pay_by) in enumerate([*ours, *persons, *others], 1)
    ]


def award_rows(terms: EquityFields) -> list[dict[str, Any]]:
    """Return what each person gets, in capital, of the capital formed by the patents, and of the company."""
    return [
        {
            "n": n,
            "name": award.name,
            "role": label(ROLES, award.role),
            "capital": format_yuan(award.capital_fen),
            "of_ours": ratio(award.capital_fen, terms.capital_fen),
            "of_company": ratio(award.capital_fen, terms.registered_capital_fen),
            "head": award.is_head,
        }
        for n, award in enumerate(terms.awards, 1)
    ]


def material_rows(terms: EquityFields) -> list[dict[str, Any]]:
    """Return one row of words per item of the technical materials."""
    return [{"name": m.name, "form": cell(m.form), "copies": m.copies} for m in terms.materials]


def notice_rows(terms: EquityFields) -> tuple[Row, ...]:
    """Return what the publicity notice shows: company, capital, share, who holds."""
    awarded = f"，其中{format_yuan(terms.awarded_fen())}元奖励给成果完成和转化人员" if terms.awards else ""
    capital = f"注册资本{format_yuan(terms.registered_capital_fen)}元"
    return (
        ("目标公司", f"{terms.company_name}（{label(WAYS, terms.way)}，{capital}）"),
        ("主营业务", joined(terms.business)),
        ("出资额和持股比例", f"{format_yuan(terms.capital_fen)}元，占{company_share(terms)}{awarded}"),
        ("股权持有主体", holder(terms)),
    )  # fmt: skip


def approval_rows(terms: EquityFields) -> tuple[Row, ...]:
    """Return what the approval form shows of the contribution."""
    persons = "；".join(f"{row['name']}（{row['role']}）{row['capital']}元" for row in award_rows(terms))
    others = "；".join(
        f"{s.name}（{label(FORMS, s.form)}）{format_yuan(s.capital_fen)}元" for s in terms.shareholders
    )
    return (
        *notice_rows(terms),
        ("其他股东", others),
        ("股权奖励", persons or "完成人已持有成果所有权份额，不另行奖励"),
        ("专利权变更期限", chinese_date(terms.transfer_by)),
        ("公司治理", f"董事{terms.directors}人，其中出资方委派{terms.our_directors}人"),
        ("价值不足的处理", label(SHORTFALLS, terms.shortfall)),
        ("退出方式", "、".join(label(EXITS, way) for way in terms.exits)),
    )


def fee_words(terms: EquityFields) -> FeeWords:
    """Return the value in one line, as forms and notices state it."""
    cash = f"；另有现金对价{format_yuan(terms.cash_fen)}元" if terms.cash_fen else ""
    return FeeWords(
        f"人民币{format_yuan(terms.value_fen)}元",
        format_yuan(terms.value_fen),
        "股权加现金" if terms.cash_fen else "全部以股权支付",
        f"专利权作价{format_yuan(terms.value_fen)}元，取得公司{company_share(terms)}的股权{cash}",
    )


def amount_basis(terms: EquityFields) -> AmountBasis:
    """Return the value of the contribution: the amount for approval thresholds."""
    parts = (("专利权作价", terms.value_fen), ("现金对价", terms.cash_fen))
    total = sum(fen for _, fen in parts)
    named = "＋".join(f"{name}{format_yuan(fen)}元" for name, fen in parts if fen)
    return AmountBasis(total, tuple(p for p in parts if p[1]), f"作价金额＝{named}＝{format_yuan(total)}元。")


def owner_change(terms: EquityFields) -> OwnerChange:
    """Return what is agreed of the change of owner, with the words of the article on it."""
    payer = label(PAYERS, terms.change_payer)
    by = chinese_date(terms.transfer_by)
    return OwnerChange(
        reason="以专利权作价出资",
        right="专利权",
        deed="以下列专利的专利权作价出资，转移给",
        filer="出资方与目标公司",
        payer=payer,
        wordings=(
            ("提交期限", by, f"出资方应至迟于{by}，与目标公司共同就全部出资专利"),
            ("变更费缴纳方", payer, f"变更费由{payer}缴纳"),
        ),
        company=terms.company_name,
        place=terms.company_place,
    )


def payment_schedule(terms: EquityFields) -> tuple[PaymentLine, ...]:
    """Return the cash beside the shares, by due date."""
    found = (
        PaymentLine(part.label, "cash", part.amount_fen, part.due_on, f"现金对价总额{format_yuan(terms.cash_fen)}元")
        for part in terms.instalments
    )  # fmt: skip
    return tuple(sorted(found, key=lambda line: line.due or terms.transfer_by))


def chart_facts(terms: EquityFields) -> Mapping[str, Any]:
    """Return what the guards of the chart ask of the terms."""
    return {
        "founding": terms.way == "founding",
        "capital_fen": terms.capital_fen,
        "all_shares": not terms.cash_fen,
        "resident": terms.resident,
        "title_shared": terms.title_shared,
        "transfer_by": terms.transfer_by.isoformat(),
        "company": terms.company_name,
        "award": [[award.name, award.role, award.capital_fen, award.is_head] for award in terms.awards],
    }
