"""The bridge score: opens to its parts, grows with what somebody does, and compares nobody."""

from hypothesis import given
from hypothesis import strategies as st

from knowhow.bridges.score import MOST, Evidence, Known, Part, bridge_score, strength

SKILLS = st.lists(
    st.builds(
        Known, name=st.just("x"), side=st.sampled_from(["marketing", "it", "other"]), level=st.integers(0, 4)
    ),
    max_size=12,
).map(tuple)
IDS = st.lists(st.integers(1, 99), max_size=12, unique=True).map(tuple)
EVIDENCE = st.builds(Evidence, skills=SKILLS, tandem=IDS, taught=IDS, attended=IDS, answered=IDS)


def known(side: str, *levels: int) -> tuple[Known, ...]:
    return tuple(Known(f"{side}{n}", side, level) for n, level in enumerate(levels))


def test_the_example_of_the_docs() -> None:
    """docs/skills.md: 23 + 18 + 9 + 6 = 56."""
    skills = known("marketing", 4, 3, 3, 1) + known("it", 3, 3, 1)
    evidence = Evidence(skills, tandem=(1, 2, 3), taught=(4,), attended=(5, 6), answered=(7, 8))
    score = bridge_score(evidence)
    assert {piece.part: piece.points for piece in score.pieces} == {
        Part.SKILLS: 23,
        Part.TANDEM: 18,
        Part.EXCHANGES: 9,
        Part.QUESTIONS: 6,
    }
    assert score.total == 56


def test_nothing_is_nothing() -> None:
    assert bridge_score(Evidence()).total == 0


def test_one_side_alone_is_no_bridge() -> None:
    assert bridge_score(Evidence(known("it", 4, 4, 4, 4) + known("other", 4, 4))).total == 0


def test_only_the_three_best_of_a_side_count() -> None:
    assert strength(known("it", 1, 4, 2, 4, 3), "it") == 11


@given(EVIDENCE)
def test_the_parts_add_up_and_stop_at_their_most(evidence: Evidence) -> None:
    score = bridge_score(evidence)
    assert score.total == sum(piece.points for piece in score.pieces)
    assert all(0 <= piece.points <= piece.most == MOST[piece.part] for piece in score.pieces)
    assert 0 <= score.total <= sum(MOST.values()) == 100


@given(EVIDENCE, EVIDENCE)
def test_more_evidence_never_lowers_it(one: Evidence, other: Evidence) -> None:
    both = Evidence(
        one.skills + other.skills,
        one.tandem + other.tandem,
        one.taught + other.taught,
        one.attended + other.attended,
        one.answered + other.answered,
    )
    assert bridge_score(both).total >= max(bridge_score(one).total, bridge_score(other).total)


@given(SKILLS)
def test_the_sides_count_alike(skills: tuple[Known, ...]) -> None:
    turned = {"marketing": "it", "it": "marketing", "other": "other"}
    mirrored = tuple(Known(skill.name, turned[skill.side], skill.level) for skill in skills)
    assert bridge_score(Evidence(skills)).total == bridge_score(Evidence(mirrored)).total
