"""XML-RPC server: functions to call from afar, by XML over HTTP."""
