"""One file per figure of docs/measures.md; `python -m bench` writes build/bench.json."""
