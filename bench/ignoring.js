// A changed client: from the moment `ignoreOrders` is called nothing of it obeys any more. It goes on sending, closes
// nothing, and neither hears nor says anything over its sockets. Put in before any script of the page.
(() => {
  let ignores = false;
  const refuse = (owner, name, instead = () => undefined) => {
    const real = owner.prototype[name];
    owner.prototype[name] = function (...given) {
      return ignores ? instead() : real.apply(this, given);
    };
  };
  const later = () => new Promise(() => undefined);
  for (const name of ["close", "removeTrack"]) refuse(RTCPeerConnection, name);
  refuse(RTCRtpSender, "replaceTrack", later);
  refuse(RTCRtpTransceiver, "stop");
  refuse(MediaStreamTrack, "stop");
  for (const name of ["close", "send"]) refuse(WebSocket, name);
  const { set } = Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, "enabled");
  Object.defineProperty(MediaStreamTrack.prototype, "enabled", {
    ...Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, "enabled"),
    set(value) {
      if (!ignores) set.call(this, value);
    },
  });
  window.ignoreOrders = () => {
    ignores = true;
  };
})();
