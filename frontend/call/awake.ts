// Keeps the screen on during a call; asks again when the page comes back, since leaving it gives the lock away.

export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let wanted = true;

  const hold = async (): Promise<void> => {
    if (!wanted || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    // refused on low battery: the call goes on, the screen may dim
    lock = await navigator.wakeLock.request("screen").catch(() => null);
  };

  document.addEventListener("visibilitychange", hold);
  void hold();
  return () => {
    wanted = false;
    document.removeEventListener("visibilitychange", hold);
    void lock?.release();
  };
}
