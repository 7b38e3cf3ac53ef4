// The inmate's call at a station: the same machine as the visitor's, larger, and silent without a sign of supervision.

import { startCall } from "../call/party";

startCall("inmate", "station");
