"""The constants of reading by rules, in one place."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class RulePolicy(BaseModel):
    """Weights and thresholds, set on the scenarios under `development` and `fitting`: decision 010.

    Attributes:
        named: Least share of a title's words that names its slot.
        near: Least cosine at which a noun phrase names a slot by its meaning.
        nothing_weight: Of the probability that a sentence without a command does nothing.
        named_weight: What naming adds to the score of a value for a slot.
        other_named_weight: What a slot has behind where another is named.
        old_weight: What naming a slot's present value as the one to leave adds.
        open_weight: What a slot without a value has ahead of others.
        turn_weight: What the open slot has ahead that was named first.
        settled_weight: What a settled slot has behind where nothing speaks of a change.
        stale_weight: What a slot has ahead whose value was made doubtful.
        same_weight: What a slot has behind that has this value already.
        done_weight: What a slot has behind that is done.
        fresh_weight: What a slot has behind others that was settled by this utterance already.
        kind_weight: What a value of the expected kind adds, and one of another kind takes away.
        title_weight: Of the cosine between value and title.
        value_weight: Of the cosine between value and present or earlier values.
        context_weight: Of the cosine between the sentence and the title.
        recency_weight: Of having been changed or asked about lately.
        asked_weight: Of having been asked about in the turn before.
        accept: Least score (strength of the phrase and fit together) at which a value is taken.
        nothing: Least probability of `none` at which a weak phrase is let go.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    named: float = 0.39
    near: float = 0.55
    nothing_weight: float = 1.7
    named_weight: float = 2.2
    other_named_weight: float = 3.0
    old_weight: float = 2.0
    open_weight: float = 1.9
    turn_weight: float = 1.6
    settled_weight: float = 1.1
    stale_weight: float = 1.0
    same_weight: float = 5.0
    done_weight: float = 1.2
    fresh_weight: float = 1.0
    kind_weight: float = 1.4
    title_weight: float = 3.8
    value_weight: float = 3.0
    context_weight: float = 1.6
    recency_weight: float = 0.0
    asked_weight: float = 0.6
    accept: float = 5.4
    nothing: float = 0.5
