"""Which columns a feedback batch has: a mapping file, because the platform's own columns are not public."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

import templates

SHIPPED = Path(templates.__file__).parent / "reports" / "feedback.toml"


class MappingProblem(ValueError):
    """A mapping file that cannot be used; the text is Chinese and names file and place."""


class MappedColumn(BaseModel):
    """One column: which field stands in it, under which title, and how well the platform's own column is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    field: str
    title: str = Field(min_length=1, max_length=100)
    confidence: str = Field(default="U", max_length=10)


class Mapping(BaseModel):
    """The columns of a batch in their order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str = Field(min_length=1, max_length=50)
    source: str = Field(default="", max_length=500)
    columns: tuple[MappedColumn, ...] = Field(min_length=1, max_length=200)

    @field_validator("columns")
    @classmethod
    def _titles_differ(cls, columns: tuple[MappedColumn, ...]) -> tuple[MappedColumn, ...]:
        titles = [column.title for column in columns]
        if doubled := sorted({title for title in titles if titles.count(title) > 1}):
            raise ValueError(f"栏目标题重复：{'、'.join(doubled)}")
        return columns

    @model_validator(mode="after")
    def _names_patent_and_label(self) -> "Mapping":
        missing = {"patent_no", "label"} - {column.field for column in self.columns}
        if missing:
            raise ValueError(f"缺少必需的字段：{'、'.join(sorted(missing))}")
        return self


def mapping_of(home: Path, known: frozenset[str]) -> Mapping:
    """Return the installation's own mapping, or the shipped one.

    Raises: MappingProblem.
    """
    own = home / "mappings" / "feedback.toml"
    path = own if own.exists() else SHIPPED
    try:
        found = Mapping.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingProblem(f"反馈栏目文件{path}无法读取：{error}") from error
    except ValidationError as error:
        told = "；".join(f"{'.'.join(map(str, one['loc']))} {one['msg']}" for one in error.errors())
        raise MappingProblem(f"反馈栏目文件{path}有误：{told}") from error
    if unknown := [column.field for column in found.columns if column.field not in known]:
        raise MappingProblem(
            f"反馈栏目文件{path}中没有这些字段：{'、'.join(unknown)}。可用的字段：{'、'.join(sorted(known))}"
        )
    return found
