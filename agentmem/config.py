"""Settings: arguments over environment (AGENTMEM_*) over agentmem.toml over defaults."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from agentmem.errors import NetworkForbidden

LogForm = Literal["text", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]
DEVICES = "^(auto|cpu|cuda|mps)$"
"""What a device may be called, as a pattern."""


class Price(BaseModel):
    """What a language model costs, per million tokens, in any one currency.

    Attributes:
        prompt: Of tokens that it reads.
        completion: Of tokens that it writes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: Decimal = Field(ge=0)
    completion: Decimal = Field(ge=0)


class Settings(BaseSettings):
    """What a user may set once for all commands and banks.

    Attributes:
        db: Path or SQLAlchemy URL of the bank.
        namespace: The namespace commands read and write, labels joined by `/`.
        embedder: `minilm` (local, English), `hashing` (tests), or `openai:MODEL`.
        embedder_url: Base URL of the OpenAI-compatible server; none: the client's own default.
        runtime: How `minilm` runs: `auto`, `onnx` or `torch`.
        device: `auto`, `cpu`, `cuda` or `mps`; only for `torch`, the cross-encoder, and `hf:FOLDER`.
        cache_dir: Where the ONNX export is kept; a folder that cannot be written is done without.
        cache_mb: Megabytes that indexes in memory may hold; those used longest ago are given up first.
        screen: What happens to credentials in observed text: `keep`, `redact` or `refuse`.
        quarantine: Whether text of tools and the web that looks like an instruction to the agent stays out of
            recall until `agentmem review`.
        reranker: Folder of a cross-encoder for queries that ask to be reranked (`recall --rerank`).
        model: The language model that stores and `chat` ask, as after `--model`; none: no model is asked.
        model_url: Base URL of the OpenAI-compatible server of `openai:MODEL`; none: the client's own default.
        model_timeout: Seconds that one answer may take, all attempts included.
        model_retries: Attempts after the first one, for what passes: timeouts, 429, 5xx, cut answers.
        model_prices: Prices by model, as after `--model`; in the environment as JSON.
        budget_hour_tokens: Tokens that the bank may spend on models in an hour of UTC; none: any number.
        budget_hour_money: Money in that hour, in the currency of the prices; then all models need one.
        budget_day_tokens: Tokens in a day of UTC.
        budget_day_money: Money in that day.
        model_precision: Of `hf:FOLDER`: `fp32`, `fp16`, `bf16`; on CUDA `int8` (LLM.int8), `nf4` (QLoRA);
            or `auto`: 16 bits on CUDA and MPS, fp32 on the CPU.
        model_draft: Folder of a smaller model that drafts what `hf:FOLDER` answers: the same answers, sooner.
        slow_recall: Seconds above which a recall or a context is logged, with its parts; none: never.
        telemetry_namespace: Whether spans, and the log of slow recalls, name the namespace.
        log: How commands write their log to stderr: `text` for people, or `json` lines.
        log_level: From which level on they do; none: warnings, and what embedders note of themselves.
        network: Whether any network call may be made at all.
    """

    model_config = SettingsConfigDict(
        env_prefix="AGENTMEM_", toml_file="agentmem.toml", extra="forbid", frozen=True
    )

    db: str = "agentmem.db"
    namespace: str = "default"
    embedder: str = "minilm"
    embedder_url: str | None = None
    runtime: str = Field(default="auto", pattern="^(auto|onnx|torch)$")
    device: str = Field(default="auto", pattern=DEVICES)
    cache_dir: Path = Field(default_factory=lambda: Path(platformdirs.user_cache_dir("agentmem")))
    cache_mb: int = Field(default=1_024, ge=1)
    screen: Literal["keep", "redact", "refuse"] = "redact"
    quarantine: bool = True
    reranker: Path | None = None
    model: str | None = None
    model_url: str | None = None
    model_timeout: float = Field(default=120.0, gt=0)
    model_retries: int = Field(default=4, ge=0)
    model_prices: dict[str, Price] = Field(default_factory=dict)
    budget_hour_tokens: int | None = Field(default=None, ge=0)
    budget_hour_money: Decimal | None = Field(default=None, ge=0)
    budget_day_tokens: int | None = Field(default=None, ge=0)
    budget_day_money: Decimal | None = Field(default=None, ge=0)
    model_precision: Literal["auto", "fp32", "fp16", "bf16", "int8", "nf4"] = "auto"
    model_draft: Path | None = None
    slow_recall: float | None = Field(default=None, ge=0)
    telemetry_namespace: bool = False
    log: LogForm = "text"
    log_level: LogLevel | None = None
    network: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then agentmem.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def network_gate(settings: Settings, what: str) -> None:
    """Stand before a network call: pass where the user allowed it, else refuse.

    Raises:
        NetworkForbidden: `settings.network` is false.
    """
    if not settings.network:
        raise NetworkForbidden(
            f"{what} needs the network, and the network is off",
            "set AGENTMEM_NETWORK=true, or `network = true` in agentmem.toml",
        )
