"""Raises in the way that the argument names, for what Python then prints."""

import sys
import traceback


def fail():
    raise ValueError("bad batch")


def plain():
    fail()


def handling():
    try:
        fail()
    except ValueError:
        return {}["lr"]


def cause():
    try:
        handling()
    except KeyError as error:
        raise RuntimeError("step failed") from error


def recursion(depth=0):
    return recursion(depth + 1)


def syntax():
    compile("def f(:\n  pass\n", "job.py", "exec")


def interrupt():
    raise KeyboardInterrupt


def own():
    class Stop(Exception):
        pass

    raise Stop


def exit():
    raise OSError(2, "gone")


def printed():
    try:
        fail()
    except ValueError:
        traceback.print_exc()


globals()[sys.argv[1]]()
