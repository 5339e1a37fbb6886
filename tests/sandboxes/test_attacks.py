"""Hostile snippets against every sandbox; the suite's own eyesight against a plain subprocess."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from attacks.backends import BACKENDS, CONTROL, Backend
from attacks.client import Host, Unavailable
from attacks.judge import Evidence, violations
from attacks.snippets import Attack, data_folder, every, fill, given, own, syntax

from zetetic.sandboxes.types import Returned, SandboxError

Hosts = Callable[[Backend], Host]

ATTACKS = every()
IN_SCRIPTS = {
    "file_read",
    "file_write",
    "network",
    "kernel",
    "process",
    "env",
    "signal",
    "output",
    "files",
    "processes",
}
"""Categories that are tried on programs too: they have a folder and may print, which functions may not."""

needs_data = pytest.mark.skipif(
    not given(), reason=f"no attacks.json in {data_folder()}; set ZETETIC_DATA to the folder that holds it"
)


def cases() -> list[Any]:
    return [
        pytest.param(
            backend,
            profile,
            attack,
            id=f"{backend.name}-{profile}-{attack.name}",
            marks=[pytest.mark.slow] if backend.slow else [],
        )
        for backend in BACKENDS
        for profile in backend.profiles
        for attack in ATTACKS.values()
        if profile == "function" or attack.category in IN_SCRIPTS
    ]


@pytest.mark.parametrize(("backend", "profile", "attack"), cases())
def test_the_sandbox_holds(hosts: Hosts, backend: Backend, profile: str, attack: Attack) -> None:
    try:
        verdict = hosts(backend).examine(attack, profile)
    except Unavailable as reason:
        pytest.skip(f"{backend.name}: {reason}")
    assert not verdict["violations"], "\n".join([*verdict["violations"], f"outcomes: {verdict['outcomes']}"])


@pytest.mark.parametrize(
    "backend", [pytest.param(b, id=b.name, marks=pytest.mark.slow if b.slow else []) for b in BACKENDS]
)
def test_nothing_strikes_late_and_nothing_is_left_when_it_is_closed(hosts: Hosts, backend: Backend) -> None:
    """Comes after the attacks above, in the same host."""
    host = hosts(backend)
    try:
        host.examine(ATTACKS["own_every_way_to_start_one"], "function")
        found = host.finish()
    except Unavailable as reason:
        pytest.skip(f"{backend.name}: {reason}")
    assert found == {"late": [], "left": []}


NOT_FOR_THE_CONTROL = {
    "kill_minus_one": "kills every process of its user",
    "own_kill_everyone": "kills its group, its parent and bystanders",
    "killpg_zero": "kills its whole group",
    "own_fork_bomb": "doubles until the machine is full",
    "disk_fill": "writes 8 GB",
    "inode_bomb": "makes 50,000 files",
    "own_fill_the_scratch": "writes until the disk is full",
    "own_files_without_names": "writes until the disk is full",
    "own_files_below_the_longest_path": "makes folders that are tedious to remove",
    "own_folders_that_cannot_be_entered": "makes folders that are tedious to remove",
    "own_deep_folders": "makes folders that are tedious to remove",
    "own_files_in_memory": "takes memory that no limit of a process counts",
    "own_shared_anonymous_maps": "takes shared memory",
    "own_system_v_and_message_queues": "leaves segments and queues behind for good",
    "own_administer_the_kernel": "asks the kernel for what only root may",
    "own_temporary_files_everywhere": "writes into folders of everybody",
    "own_stop_itself_again_and_again": "only ever stops itself",
    "own_open_a_browser": "might open one",
    "own_change_other_processes": "slows every process of its user down",
    "own_names_that_hurt": "makes folders that are tedious to remove",
}
"""Attacks that would hurt the machine where nothing holds them, and why."""

_SEEN_AT_ONCE = """
    read_secret_file libc_environ_ctypes write_outside os_system_marker tcp_loopback pickle_reduce_result
    non_utf8_stdout stdout_fake_json inherited_fd_scan subprocess_run vfork_ctypes kill_host lambda_result
    unseeded_random own_numpy_readers own_sockets_of_every_family
"""
_SEEN_IN_TIME = """
    symlink_read linecache_read list_outside_dir open_by_handle importlib_file_loader proc_root_escape
    read_parent_environ read_proc_self_environ rmtree_outside write_via_symlink dev_shm_write overwrite_outside
    bind_listen http_urllib unix_path_connect unix_abstract_connect process_vm_readv_host thread_survivor
    os_exec_shell clone3_ctypes daemon_then_spin daemon_double_fork kill_parent renice_host prlimit_host
    huge_list_result importlib_reload_os numpy_object_array generator_result
"""
_HARMLESS = "none_result complex_result partial_failure nan_inf_result big_int_result"
SEEN_AT_ONCE, HARMLESS = _SEEN_AT_ONCE.split(), _HARMLESS.split()
SEEN = {*SEEN_AT_ONCE, *_SEEN_IN_TIME.split()}
"""What a plain subprocess is known to let through. Not in it: what depends on the kernel's own settings."""


def judged(hosts: Hosts, name: str) -> list[str]:
    try:
        verdict = hosts(CONTROL).examine(ATTACKS[name], "function", clear=True)
    except Unavailable as reason:
        pytest.skip(f"the control: {reason}")
    found: list[str] = verdict["violations"]
    return found


@needs_data
@pytest.mark.parametrize("name", SEEN_AT_ONCE)
def test_a_plain_subprocess_is_seen_through(hosts: Hosts, name: str) -> None:
    """A suite that nothing fails is empty."""
    assert judged(hosts, name), f"{name} went through a plain subprocess, and the suite saw nothing"


@needs_data
@pytest.mark.parametrize("name", HARMLESS)
def test_a_plain_subprocess_is_not_blamed_for_what_it_does_right(hosts: Hosts, name: str) -> None:
    assert judged(hosts, name) == []


@needs_data
@pytest.mark.slow
def test_all_that_a_plain_subprocess_lets_through_is_seen(hosts: Hosts) -> None:
    seen = {name for name in ATTACKS if name not in NOT_FOR_THE_CONTROL and judged(hosts, name)}
    assert SEEN - seen == set(), "the suite overlooked these"
    assert len(seen) >= 70


def test_the_forgeries_reach_the_wire() -> None:
    """A guest may lie about its own answer, which shows that the forged frames are heard, and not in vain."""
    (forger,) = (attack for attack in own() if attack.name == "own_too_many_answers")
    preamble = forger.code[: forger.code.index("def f(x)")]
    backend = BACKENDS[0]
    try:
        sandbox = backend.open(backend.limits)
        _ = sandbox.standing
    except SandboxError as reason:
        pytest.skip(f"{backend.name}: {reason}")
    with sandbox, sandbox.load(preamble + "def f(x):\n    send(VALUES, b'[42.0]'); os._exit(0)", "f") as loaded:
        assert loaded.call([(1.0,)]) == [Returned(42.0)]


def test_every_attack_is_python_once_filled_in_and_names_known_clauses() -> None:
    places = dict.fromkeys(("SECRET", "OUTSIDE", "MARKER", "LITTER", "UNIX", "ABSTRACT", "FRAMEWORK"), "/x")
    places |= dict.fromkeys(("HOST_PID", "SENTINEL", "TCP", "UDP"), "7")
    for attack in own():
        assert syntax(fill(attack.code, places)) == "", attack.name
    for attack in ATTACKS.values():
        violations(attack.must_hold, quiet())
    assert NOT_FOR_THE_CONTROL.keys() <= ATTACKS.keys() or not given()


@needs_data
def test_the_snippets_of_the_data_are_among_the_attacks() -> None:
    assert len(given()) >= 100
    assert {attack.name for attack in given()} <= ATTACKS.keys()


def test_there_are_at_least_forty_of_our_own() -> None:
    codes = {attack.code for attack in given()}
    assert len({attack.code for attack in own()} - codes) >= 40


def quiet(**changes: Any) -> Evidence:
    """Evidence of a job in which nothing went wrong."""
    fields: dict[str, Any] = {
        "level": "isolated",
        "kinds": ["Returned", "Returned"],
        "values": [2.0, 4.0],
        "inputs": 2,
        "seconds": 0.1,
        "most_seconds": 5.0,
        "again": "[2.0,4.0]",
    }
    return Evidence(**(fields | changes))


@pytest.mark.parametrize(
    ("clause", "changes"),
    [
        ("contained", {"canaries": ["CANARY_FILE"]}),
        ("contained", {"changes": ["keep.txt"]}),
        ("contained", {"hits": ["tcp"]}),
        ("contained", {"left": ["python"]}),
        ("contained", {"litter": ["/dev/shm/x"]}),
        ("contained", {"marker": True}),
        ("contained", {"benign": "died"}),
        ("contained", {"rss_bytes": 301 * 2**20}),
        ("contained", {"kinds": ["Returned"] * 3}),
        ("contained", {"kinds": ["Lost", "Returned"]}),
        ("contained", {"kinds": ["SandboxError", "Returned"]}),
        ("contained", {"seconds": 9.0}),
        ("status:error|killed", {}),
        ("status:ok", {"kinds": ["Returned", "Raised"]}),
        ("no_text:ESCAPED", {"text": b"so I ESCAPED"}),
        ("isolated:no_text:SEEN", {"text": b"SEEN"}),
        ("values:[2.0,4.0]", {"values": [2, 4]}),
        ("values:[2.0,4.0]", {"kinds": ["Returned", "Raised"]}),
        ("not_values:[2.0,4.0]", {}),
        ("partial:[err,4.0]", {}),
        ("deterministic", {"again": "[2.0,4.1]"}),
        ("host_rss<=100MB", {"rss_bytes": 101 * 2**20}),
        ("disk<=200MB", {"disk_bytes": 201 * 2**20}),
        ("host_cpu<=2", {"cpu_seconds": 2.1}),
    ],
)
def test_every_clause_can_be_broken(clause: str, changes: dict[str, Any]) -> None:
    assert violations((clause,), quiet(**changes))


def test_a_quiet_job_breaks_nothing() -> None:
    clauses = ("contained", "status:ok", "no_text:x", "values:[2.0,4.0]", "deterministic", "host_rss<=1MB", "disk<=1MB")
    assert violations(clauses, quiet()) == []
    assert violations(("partial:[err,4.0]",), quiet(kinds=["Raised", "Returned"], values=[None, 4.0])) == []
    assert violations(("isolated:no_text:SEEN",), quiet(level="confined", text=b"SEEN")) == []


def test_a_clause_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="none of contained"):
        violations(("containd",), quiet())
    with pytest.raises(ValueError, match="no such status"):
        violations(("status:fine",), quiet())
