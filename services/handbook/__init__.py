"""The handbook: all lessons and the ideas behind them, as pages that `static` serves at `/`."""
