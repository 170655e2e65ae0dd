"""What is asked of each location."""

from datetime import date, datetime

from palette_backup_provider.core.errors import NotFound
from palette_backup_provider.core.model import load_unchecked
from palette_backup_provider.core.ownership import PLAIN
from palette_backup_provider.core.rotation.credential import WARN, Credential, Expiring
from palette_backup_provider.core.rotation.retired import RetiredCredential
from palette_backup_provider.core.rotation.schedule import due, is_kept
from palette_backup_provider.doctor.case import Case
from palette_backup_provider.doctor.check import Check, Finding, fault, good, skipped, warning
from palette_backup_provider.doctor.clouds import CLOUDS
from palette_backup_provider.doctor.located import Held, Located, credentials, existing, locations
from palette_backup_provider.resources.palette.backup_location import BackupLocationHandler
from palette_backup_provider.resources.palette.location.answers import mark_of
from palette_backup_provider.resources.palette.location.calls import Locations
from palette_backup_provider.resources.palette.location.credential_check import why_not_working
from palette_backup_provider.resources.palette.location.state import BackupLocationState
from palette_backup_provider.resources.palette.storage.base import Storage

RUN = "run `pulumi up`"
MAKE_ANEW = "run `pulumi up --refresh`, which makes anew what the stack made, without its backups"


def registered(case: Case, located: Located) -> Finding:
    state = located.state
    if state is None and located.listed is None:
        return fault(
            f"neither Palette nor the stack has it; Palette lists {_names(case)}",
            "correct --location, --project or --tenant",
        )
    if state is None:
        if not located.ours:
            return good(f"in Palette as {located.uid}, and not of this stack")
        return warning("Palette has it with this stack's mark, and the state does not know it")
    listed = Locations(case.palette, state.project_uid).listed().get(located.uid)
    if listed is None:
        return fault(
            f"the state has it, and Palette does not list {located.uid}",
            "run `pulumi up --refresh`, which registers it anew",
        )
    if holder := PLAIN.holder(state, mark_of(listed)):
        return warning(
            f"by its mark {holder} holds it",
            "`pulumi up --refresh` marks it anew, unless another stack holds it",
        )
    return good(f"in Palette as {located.uid}")


def bucket(case: Case, located: Located) -> Finding:
    storage = located.state.storage if located.state else _read(case, located)
    (cloud,) = (each for each in CLOUDS if isinstance(storage, each.storage))
    if cloud.word not in case.clouds:
        return skipped(f"{cloud.word} is none of the clouds that are asked about")
    if f"{cloud.word}.sign-in" in case.red:
        return skipped(f"{cloud.word}.sign-in is red")
    try:
        reasons = cloud.unfit(case.run, storage)
        if reasons is None:
            return skipped("it is on another store than the settings")
        listed = list(reasons)
    except NotFound:
        return fault(f"{storage.describe()} is gone", MAKE_ANEW)
    return fault("; ".join(listed)) if listed else good(f"{storage.describe()} is fit for Velero")


def credential(case: Case, held: Located) -> Finding:
    state = held.state
    if state is None:
        return skipped("its secret is in no state that is read here")
    if not (state.probe or state.palette_validate):
        return skipped("probe=False and palette_validate=False: nothing may try it")
    if refused := why_not_working(state, case.palette, case.run):
        return fault(refused)
    return good(f"works on {state.storage.describe()}")


def rotation(case: Case, held: Held) -> Finding:
    state, now = held.state, case.run.now()
    if isinstance(state, RetiredCredential):
        if is_kept(state.until, now):
            return good(f"the one before works until {state.until}")
        return warning(f"the one before was to end at {state.until}, and still works")
    if state.gone:
        return fault("it is gone", RUN)
    if isinstance(state, Expiring) and state.expires:
        left = datetime.fromisoformat(state.expires) - now
        if left.total_seconds() <= 0:
            return fault(f"it ended on {state.expires}", f"change `rotation`, and {RUN}")
        if left <= WARN and not state.rotates_before(datetime.fromisoformat(state.expires)):
            return warning(f"it ends on {state.expires}", f"change `rotation`, and {RUN}")
    return _aged(state, now)


def _aged(state: Credential, now: datetime) -> Finding:
    after = f"rotate_after={state.rotate_after}" if state.rotate_after else "no rotate_after"
    if not state.made_on:
        return good(f"of unknown age, {after}")
    age = f"{(now.date() - date.fromisoformat(state.made_on)).days} days old, {after}"
    if due(state, state.model_dump(), now):
        return warning(f"{age}: a rotation is due")
    return good(age)


def clusters(case: Case, located: Located) -> Finding:
    project = located.state.project_uid if located.state else case.scope
    names = Locations(case.palette, project).clusters(located.uid)
    return good(f"used by {', '.join(names)}" if names else "no cluster uses it")


def _read(case: Case, located: Located) -> Storage:
    """What Palette tells of the storage, its secrets masked."""
    project = {"project": case.project or case.palette.default_project}
    where = {"scope": "tenant"} if case.tenant else project
    handler = BackupLocationHandler(case.run)
    return handler.read(located.uid, load_unchecked(BackupLocationState, where)).storage


def _names(case: Case) -> str:
    listed = case.palette.locations(case.scope).values() if case.has_scope else ()
    return ", ".join(sorted(item["metadata"]["name"] for item in listed)) or "none"


CHECKS = (
    Check(
        "location.registered",
        "Does Palette have the location, and is it this stack's?",
        "Somebody deleted it in the console, another stack claimed it, or a state was lost: "
        "then Palette has a location with the stack's mark that its state does not know.",
        "if the state was lost: `PALETTE_RECOVER=true pulumi up`",
        registered,
        needs=("palette.list",),
        each=locations,
    ),
    Check(
        "location.bucket",
        "Is the bucket fit for Velero?",
        "It has folders that are not Velero's, locks every object, lets backups expire or moves "
        "them to an archive, or its policy refuses what Velero sends.",
        "put it right as the line says, or give backups a bucket of their own",
        bucket,
        needs=("palette.list",),
        each=existing,
    ),
    Check(
        "location.credential",
        "Does the credential that Palette has write, read, list and delete in the bucket?",
        "The key was deleted or disabled, the secret expired, or a policy changed. The state's "
        "copy is tried, which is what Palette was given.",
        "mend location.bucket first if it is red; else run `PALETTE_DEEP_REFRESH=true pulumi up "
        "--refresh`, or change `rotation`",
        credential,
        needs=("palette.list",),
        each=existing,
    ),
    Check(
        "location.rotation",
        "How old is each credential of the stack, is its rotation due, and does it end soon?",
        "Rotations happen in a `pulumi up`: none ran since one was due. Or a secret ends by "
        "itself, and nothing rotates it before.",
        RUN,
        rotation,
        needs=("machine.stack",),
        each=credentials,
    ),
    Check(
        "location.clusters",
        "Which clusters back up to the location?",
        "A location that clusters use is neither deleted nor moved.",
        "give the clusters another location first",
        clusters,
        needs=("palette.list",),
        each=existing,
    ),
)
