// A client of somebody who changed it: the real library, without the page's good manners. Run in a signed-in browser.
(() => {
  const { Room, RoomEvent, Track, createLocalTracks } = LivekitClient;
  LivekitClient.setLogLevel("silent");
  const soon = (work, ms = 700) =>
    Promise.race([work, new Promise((done) => setTimeout(() => done("no answer"), ms))]).catch((error) => String(error));
  const changed = { states: [], sockets: [], deaf: false };
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      if (changed.deaf) throw new Error("no more signalling");
      super(...given);
      changed.sockets.push(this);
    }
  };
  changed.join = async (ref) => {
    if (changed.room && changed.room !== changed.first) await changed.room.disconnect().catch(() => 0);
    const never = { nextRetryDelayInMs: () => (changed.deaf ? 500 : null) };
    const room = (changed.room = new Room({ disconnectOnPageLeave: false, reconnectPolicy: never }));
    room.on(RoomEvent.Disconnected, (reason) => changed.states.push(`Disconnected ${reason}`));
    await room.connect(`${location.origin.replace("http", "ws")}/door/${ref}`, "home-made", { maxRetries: 0 });
    room.localParticipant.hasPermissionsToPublish = () => true; // the page asks nobody, least of all itself
    await changed.publish();
  };
  const me = () => changed.room.localParticipant;
  changed.publish = async () => {
    await me().setCameraEnabled(true, { resolution: { width: 320, height: 240 } }, { simulcast: false });
    await me().setMicrophoneEnabled(true);
  };
  changed.green = () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [320, 240];
    const pen = canvas.getContext("2d");
    let at = 0;
    setInterval(() => {
      pen.fillStyle = "rgb(0,200,0)";
      pen.fillRect(0, 0, 320, 240);
      pen.fillStyle = "black";
      pen.fillRect((at += 5) % 320, 0, 20, 240);
    }, 50);
    return canvas.captureStream(20).getVideoTracks()[0];
  };
  changed.tone = () => {
    const ears = new AudioContext();
    const [oscillator, out] = [ears.createOscillator(), ears.createMediaStreamDestination()];
    oscillator.frequency.value = 1320;
    oscillator.connect(out);
    oscillator.start();
    return out.stream.getAudioTracks()[0];
  };
  changed.tries = {
    screen: () => me().publishTrack(changed.green(), { source: Track.Source.ScreenShare, simulcast: false }),
    screenSound: () => me().publishTrack(changed.tone(), { source: Track.Source.ScreenShareAudio }),
    secondCamera: () => me().publishTrack(changed.green(), { source: Track.Source.Camera, simulcast: false }),
    secondMicrophone: () => me().publishTrack(changed.tone(), { source: Track.Source.Microphone }),
    name: () => me().setName("Petugas"),
    metadata: () => me().setMetadata("{\"role\":\"supervisor\"}"),
    shutOut: () => me().setTrackSubscriptionPermissions(false, []),
    data: () => me().publishData(new TextEncoder().encode("outside any supervision"), { reliable: true }),
    chat: () => me().sendText("outside any supervision"),
    smuggled: async () => {
      // sound and picture that ride in the offer, without asking for a track first
      const publisher = changed.room.engine.pcManager.publisher;
      publisher.addTrack(changed.green());
      publisher.addTrack(changed.tone());
      await publisher.negotiate();
    },
  };
  changed.try = (name) => soon(changed.tries[name]());
  changed.dropSignalling = () => {
    changed.deaf = true;
    changed.sockets.forEach((socket) => socket.close());
  };
  changed.speakAgain = () =>
    soon((async () => {
      const old = me().getTrackPublication(Track.Source.Microphone);
      if (old && old.track) await me().unpublishTrack(old.track, false);
      const [track] = await createLocalTracks({ audio: true });
      await me().publishTrack(track, { source: Track.Source.Microphone });
    })(), 2500);
  changed.listenAgain = async () => {
    for (const party of changed.room.remoteParticipants.values())
      for (const publication of party.trackPublications.values()) {
        publication.setSubscribed(false);
        publication.setSubscribed(true);
        publication.setEnabled(true);
      }
  };
  window.changed = changed;
})();
