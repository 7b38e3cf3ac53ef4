// Test only: watches the page's peer connections, pictures and sound. Put in before any script of the page.
// All moments are performance.now(), the machine's monotonic clock, which browsers.py maps to that of the test.
(() => {
  const connections = [];
  const remote = new Set(); // ids of tracks that came from somebody else
  const firstFrames = []; // when the first frame of each remote picture reached the screen
  const asked = []; // every request by fetch: its address, and when the page made it
  // Statistics have a clock of their own and may be 50 ms old; the freshest report tells how far it is from ours.
  let skew = Infinity;
  const watched = new WeakSet();
  const Original = window.RTCPeerConnection;
  if (!Original) return;
  window.RTCPeerConnection = class extends Original {
    constructor(configuration, ...rest) {
      super(configuration, ...rest);
      connections.push({ connection: this, configuration });
      this.addEventListener("track", ({ track }) => {
        remote.add(track.id);
        watched.delete(track); // a receiver is used again for who comes back
      });
    }
    close() {
      // Nothing arrives after this, so it bounds the last packet where the counters are gone with it;
      // not where they were read a moment ago and had stood still already.
      const mine = connections.find((one) => one.connection === this);
      const at = performance.now();
      const stoodStill = mine && at - mine.readAt < 100 && at - (mine.lastAt + skew) > 200;
      if (mine && !mine.closedAt && mine.received && !stoodStill) mine.closedAt = at;
      super.close();
    }
    setConfiguration(configuration) {
      connections.push({ connection: null, configuration });
      return super.setConfiguration(configuration);
    }
  };

  // A pure tone is what noise suppression removes: the test's microphones are taken as they are.
  const media = navigator.mediaDevices;
  if (media) {
    const ask = media.getUserMedia.bind(media);
    media.getUserMedia = (constraints) => {
      if (constraints && constraints.audio) {
        const audio = constraints.audio === true ? {} : constraints.audio;
        constraints = {
          ...constraints,
          audio: { ...audio, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
        };
      }
      return ask(constraints);
    };
  }

  const fetchNow = window.fetch.bind(window);
  window.fetch = (what, ...rest) => {
    asked.push({ url: String((what && what.url) || what), at: performance.now() });
    return fetchNow(what, ...rest);
  };

  const gone = { video: 0, audio: 0, frames: 0 };
  const seen = new Map(); // stats id of a connection -> last counters, kept when the connection goes

  // A stream that is taken away while it runs may have brought more since it was last read: bounded by the moment of going.
  function noteGone(mine, here, at) {
    for (const [key, row] of seen) {
      const runs = at - (row.last + skew) < 200;
      if (key.startsWith(mine) && !here.has(key) && row.goneAt === undefined) row.goneAt = runs ? at : 0;
    }
  }

  async function received() {
    let last = -Infinity;
    for (const [index, { connection }] of connections.entries()) {
      if (!connection || connection.connectionState === "closed") continue;
      const rows = [...(await connection.getStats()).values()].filter((row) => row.type === "inbound-rtp");
      const at = (connections[index].readAt = performance.now());
      for (const row of rows) {
        connections[index].received = true;
        skew = Math.min(skew, at - row.timestamp);
        connections[index].lastAt = Math.max(connections[index].lastAt || 0, row.lastPacketReceivedTimestamp || 0);
        seen.set(`${index}:${row.id}:${row.ssrc}`, {
          kind: row.kind, packets: row.packetsReceived || 0, frames: row.framesDecoded || 0,
          last: row.lastPacketReceivedTimestamp || 0,
        });
      }
      noteGone(`${index}:`, new Set(rows.map((row) => `${index}:${row.id}:${row.ssrc}`)), at);
    }
    const sum = { video: gone.video, audio: gone.audio, frames: gone.frames };
    for (const row of seen.values()) {
      sum[row.kind] += row.packets;
      sum.frames += row.frames;
      if (row.last) last = Math.max(last, row.goneAt || row.last + skew);
    }
    for (const { closedAt } of connections) if (closedAt) last = Math.max(last, closedAt);
    return {
      video_packets: sum.video, audio_packets: sum.audio, frames_decoded: sum.frames,
      last_packet_ms: Number.isFinite(last) ? last : null,
    };
  }

  // What comes in, stream by stream (bytes with RTP headers), and each connection as a whole.
  async function inbound() {
    const rows = [];
    for (const { connection } of connections) {
      if (!connection || connection.connectionState === "closed") continue;
      for (const row of (await connection.getStats()).values()) {
        if (row.type === "transport") rows.push({ kind: "transport", bytes: row.bytesReceived, packets: row.packetsReceived });
        if (row.type !== "inbound-rtp") continue;
        const bytes = (row.bytesReceived || 0) + (row.headerBytesReceived || 0);
        rows.push({
          kind: row.kind, bytes, packets: row.packetsReceived || 0, width: row.frameWidth || 0,
          fps: row.framesPerSecond || 0, track: row.trackIdentifier,
        });
      }
    }
    return rows;
  }

  // Packets that this page has given to its open connections.
  async function sent() {
    let sum = 0;
    for (const { connection } of connections) {
      if (!connection || connection.connectionState === "closed") continue;
      for (const row of (await connection.getStats()).values()) if (row.type === "outbound-rtp") sum += row.packetsSent || 0;
    }
    return sum;
  }

  // Counters vanish with their connection or track, so they are read often while it matters.
  function lookOften(on) {
    clearInterval(lookOften.timer);
    if (on) lookOften.timer = setInterval(received, 15);
  }

  function watchFirstFrames() {
    for (const video of document.querySelectorAll("video")) {
      const track = video.srcObject && video.srcObject.getVideoTracks()[0];
      if (!track || watched.has(track) || !remote.has(track.id)) continue;
      watched.add(track);
      video.requestVideoFrameCallback(() => firstFrames.push(performance.now()));
    }
  }
  setInterval(watchFirstFrames, 4);

  function colourOf(video) {
    if (video.readyState < 2 || video.paused || !video.videoWidth) return "dark";
    const canvas = document.createElement("canvas");
    canvas.width = 16;
    canvas.height = 12;
    const pen = canvas.getContext("2d");
    pen.drawImage(video, 0, 0, 16, 12);
    const [r, g, b] = pen.getImageData(8, 3, 1, 1).data;
    if (Math.max(r, g, b) < 60) return "dark";
    if (r > g && r > b) return "red";
    return g > b ? "green" : "blue";
  }

  function colours(selector) {
    return [...document.querySelectorAll(selector)].map(colourOf);
  }

  let ears = null;
  async function toneOf(track) {
    ears ||= new AudioContext();
    await ears.resume();
    const source = ears.createMediaStreamSource(new MediaStream([track]));
    const analyser = ears.createAnalyser();
    analyser.fftSize = 8192;
    source.connect(analyser);
    await new Promise((done) => setTimeout(done, 500));
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    source.disconnect();
    let best = 0;
    for (let bin = 0; bin < bins.length; bin += 1) if (bins[bin] > bins[best]) best = bin;
    return bins[best] < -70 ? 0 : Math.round((best * ears.sampleRate) / analyser.fftSize);
  }

  // What a person at this page hears: unmuted audio and video elements that play a stream with sound.
  async function tones() {
    const tracks = new Set();
    for (const element of document.querySelectorAll("audio, video")) {
      if (element.muted || element.paused || element.volume === 0 || !element.srcObject) continue;
      for (const track of element.srcObject.getAudioTracks()) if (track.readyState === "live") tracks.add(track);
    }
    return Promise.all([...tracks].map(toneOf));
  }

  function iceServers() {
    const found = [];
    for (const { connection, configuration } of connections) {
      const current = connection && connection.connectionState !== "closed" ? connection.getConfiguration() : null;
      for (const one of [configuration, current]) {
        for (const server of (one && one.iceServers) || []) found.push(...[server.urls].flat());
      }
    }
    return [...new Set(found)];
  }

  window.__besuk = { received, inbound, sent, colours, tones, iceServers, firstFrames, asked, lookOften };
})();
