// Test only: watches the page's peer connections, pictures and sound. Put in before any script of the page.
(() => {
  const connections = [];
  const remote = new Set(); // ids of tracks that came from somebody else
  const firstFrames = []; // when the first frame of each remote picture reached the screen, ms since 1970
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
      const at = Date.now();
      const stoodStill = mine && at - mine.readAt < 100 && at - mine.lastAt > 200;
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

  const gone = { video: 0, audio: 0, frames: 0 };
  const seen = new Map(); // stats id of a connection -> last counters, kept when the connection goes

  async function received() {
    let last = 0;
    for (const [index, { connection }] of connections.entries()) {
      if (!connection || connection.connectionState === "closed") continue;
      const rows = [...(await connection.getStats()).values()].filter((row) => row.type === "inbound-rtp");
      connections[index].readAt = Date.now();
      for (const row of rows) {
        connections[index].received = true;
        connections[index].lastAt = Math.max(connections[index].lastAt || 0, row.lastPacketReceivedTimestamp || 0);
        seen.set(`${index}:${row.id}:${row.ssrc}`, {
          kind: row.kind, packets: row.packetsReceived || 0, frames: row.framesDecoded || 0,
          last: row.lastPacketReceivedTimestamp || 0,
        });
      }
    }
    const sum = { video: gone.video, audio: gone.audio, frames: gone.frames };
    for (const row of seen.values()) {
      sum[row.kind] += row.packets;
      sum.frames += row.frames;
      last = Math.max(last, row.last);
    }
    for (const { closedAt } of connections) last = Math.max(last, closedAt || 0);
    return {
      at_ms: Date.now(), video_packets: sum.video, audio_packets: sum.audio, frames_decoded: sum.frames,
      last_packet_ms: last,
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
      video.requestVideoFrameCallback(() => firstFrames.push(performance.timeOrigin + performance.now()));
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

  window.__besuk = { received, inbound, sent, colours, tones, iceServers, firstFrames, lookOften };
})();
