"""What a report says of an act: what is only demanded, promised, hoped for, denied or supposed is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.case.load import load
from detente.read.read import read
from detente.read.reports import reported, standing
from detente.read.text import Text

DEMANDED = """\
On 12 June 2031 Vardia demanded that the sanctions be lifted.
Vardia demanded that sanctions be lifted by Ostrea.
On 12 June 2031 Vardia insisted that its frozen accounts be released.
Vardia calls for the border post to be opened.
The sanctions must be lifted, Vardia said on 12 June 2031.
Ostrea was urged by Vardia to withdraw its fully armed guards.
It was demanded by Vardia that the harbour be reopened.
Vardia wants the prisoners released.
Vardia asked Ostrea to have the mines destroyed.
The government of Vardia required that the treaty be ratified by 1 May 2031.
Ostrea should have the border post opened, the envoy of Vardia said.
Vardia pressed Ostrea on 3 May 2031 for the customs house to be closed.
On 3 May 2031 it was required of Ostrea that the convoy be released and the wells be reopened.
Vardia wants the wells reopened, the road closed to tanks and the guards withdrawn.
Vardia's demand that the wells be reopened stands.
"""
PROMISED = """\
Ostrea promised that the sanctions would be lifted.
Ostrea will release the prisoners on 12 June 2031.
Ostrea pledged to have the mines destroyed by 12 June 2031.
The sanctions will be lifted by Ostrea on 12 June 2031.
The prisoners are to be released by Ostrea on 12 June 2031.
Ostrea has offered that the harbour be reopened.
Ostrea said it would withdraw its guards and that the bridge would be opened.
Ostrea committed itself to the treaty being ratified.
A promise was made by Ostrea that the guards would be withdrawn.
Ostrea intends to have the border post opened in June 2031.
Ostrea undertook to see the mines destroyed.
Ostrea vowed on 3 May 2031 to see the convoy released.
The convoy was to be released on 3 May 2031.
Ostrea gave its word that the wells would be reopened.
Ostrea was said to be ready to have the wells reopened.
Ostrea plans for the road to be opened on 3 May 2031.
"""
HOPED = """\
Vardia hopes that the sanctions are lifted soon.
On 12 June 2031 Vardia hoped the prisoners would be released.
The hope of Vardia is that the harbour is reopened.
Vardia expects the treaty to be ratified on 12 June 2031.
It is hoped in Vardia that the guards are withdrawn.
Vardia wished to see the mines destroyed.
The sanctions may be lifted on 12 June 2031, Vardia believes.
Vardia is waiting for the bridge to be opened.
The prisoners could be released by Ostrea in June 2031.
Vardia looks forward to a day when the border post is opened.
Hopes that the sanctions would be lifted rose in Vardia on 12 June 2031.
Vardia trusts that the accounts are released.
In Vardia many wish that the convoy had been released.
It is likely that the wells are reopened.
"""
DENIED = """\
Ostrea denied that the sanctions had been lifted.
On 12 June 2031 Ostrea denied it had released the prisoners.
The sanctions have not been lifted by Ostrea.
No prisoner was released by Ostrea on 12 June 2031.
Ostrea never ratified the treaty.
It is not true that the harbour was reopened, Ostrea said.
Neither side has withdrawn its guards.
Ostrea rejected the claim that the bridge had been opened.
Ostrea contested on 3 May 2031 that the wells had been reopened.
Ostrea has not reopened the wells.
None of the wells was reopened.
The convoy wasn't released on 3 May 2031.
"""
SUPPOSED = """\
If the sanctions are lifted, Vardia will sign.
Vardia will sign once the prisoners are released.
The harbour stays shut until the guards are withdrawn by Ostrea.
Unless the treaty is ratified by 12 June 2031, Vardia will leave.
Vardia will hold talks only after the bridge is opened.
Provided that the sanctions were lifted, Vardia would sign.
On condition that the accounts are released Vardia signs.
Should the mines be destroyed, Vardia would sign.
As soon as the border post is opened, Vardia comes.
In the event that the prisoners are released on 12 June 2031 Vardia signs.
Had the sanctions been lifted, Vardia would have signed.
Before the guards are withdrawn no one signs.
Vardia would be glad if the road were opened.
Vardia signs the day the convoy is released.
Whether the wells were reopened is open.
Once Ostrea has withdrawn its guards, Vardia will sign.
Vardia would sign if Ostrea released the convoy.
"""
DONE = """\
Ostrea lifted the sanctions on 12 June 2031.
The sanctions were lifted by Ostrea on 12 June 2031.
Vardia demanded that the sanctions be lifted, and Ostrea lifted them on 12 June 2031.
Ostrea, which had demanded a payment, released the prisoners on 12 June 2031.
The prisoners were released before the talks began.
After the guards were withdrawn, the talks began on 12 June 2031.
The envoy of Vardia said that the sanctions had been lifted on 12 June 2031.
As promised, Ostrea ratified the treaty on 12 June 2031.
The bridge was opened on 12 June 2031, as Vardia had demanded.
Ostrea has destroyed the mines.
When the harbour was reopened on 12 June 2031, Vardia cheered.
Ostrea has fully carried out the agreement.
On 3 May 2031 Ostrea, as it had promised, released the convoy.
Ostrea agreed to the plan and released the convoy on 3 May 2031.
Vardia welcomed that the wells had been reopened on 3 May 2031.
Despite the demands of Vardia, Ostrea closed the road.
After long talks about who should pay, Ostrea reopened the wells.
Ostrea reopened the wells and promised to pay.
The wells that Vardia wanted have been reopened; the road was closed.
Not only was the convoy released, the wells were reopened too.
On 3 May 2031 the convoy was released and the wells were reopened.
When Vardia demanded an answer, Ostrea released the convoy.
Ostrea kept its promise: the convoy was released on 3 May 2031.
Ostrea withdrew its guards on 3 May 2031 and will sign once Vardia pays.
Ostrea, hoping for an answer, released the convoy.
The convoy was released without conditions on 3 May 2031.
Ostrea will sign, now that the convoy has been released.
"""


def each(sentences: str) -> list[str]:
    """The sentences of a list, one a line."""
    return sentences.splitlines()


@pytest.mark.parametrize("sentence", each(DEMANDED + PROMISED + HOPED + SUPPOSED))
def test_what_is_only_demanded_promised_hoped_or_supposed_is_no_act(sentence: str, tmp_path: Path) -> None:
    """Catches "demanded that the sanctions be lifted" told as sanctions lifted, in a report and as an event."""
    (tmp_path / "actors.csv").write_text("name\nVardia\nOstrea\n")
    assert standing(sentence) == ""
    assert not [c for c in read(Text("a", sentence), actors=tmp_path / "actors.csv").claims if c.type == "event"]


@pytest.mark.parametrize("sentence", each(DENIED))
def test_what_is_denied_or_not_done_is_not_told_as_done(sentence: str) -> None:
    """Catches the word for an act that stands behind a "no", a "neither" or a "denied"."""
    assert standing(sentence) in ("disputed", "late")


@pytest.mark.parametrize("sentence", each(DONE))
def test_what_was_done_is_told_whatever_stands_beside_it(sentence: str) -> None:
    """Catches an act that is passed over since a demand, a promise or a condition stands in the same sentence."""
    assert standing(sentence) == "done"


def test_a_demand_makes_no_entry() -> None:
    """Catches a row for the record, with its day, of an act that was only asked for."""
    case = load("us-dprk-2019")
    asked = "On 20 January 2019 South Korea demanded that inter-Korean liaison sessions be held."
    made = "On 20 January 2019 inter-Korean liaison sessions were held by South Korea."
    entries = [reported(read(Text("r", text), case=case), case).entries for text in (asked, made)]
    assert [len(rows) for rows in entries] == [0, 1]
