"""What others call says what it does: public functions of actions, rules and queries carry a docstring."""

import ast
from collections.abc import Iterator

from tests.architecture.source import Module, product, under

TOLD = {"actions", "rules", "queries"}


def told(module: Module) -> bool:
    """Whether the module is actions, rules or queries of a step, or a file in such a folder."""
    return under(module.name, "besuk.flow", "besuk.ground") and bool(TOLD & set(module.name.split(".")[3:]))


def silent(tree: ast.Module) -> Iterator[str]:
    """Public functions at the top level without a docstring."""
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    for function in functions:
        if not function.name.startswith("_") and ast.get_docstring(function) is None:
            yield f"{function.lineno} {function.name}"


def test_every_public_action_rule_and_query_says_what_it_does() -> None:
    modules = [module for module in product() if told(module)]
    assert modules
    broken = [f"{module.where}:{one}" for module in modules for one in silent(module.tree)]
    assert not broken, "\n".join(broken)


def test_a_silent_function_would_be_found() -> None:
    assert list(silent(ast.parse("def book() -> None:\n    return None\n")))
