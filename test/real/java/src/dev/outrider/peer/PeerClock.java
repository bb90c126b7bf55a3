package dev.outrider.peer;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The one clock of harness and library: the wall clock until it is set for the first time, then what was set. */
final class PeerClock extends Clock {
    private volatile long setMs = -1;

    /** Stops the clock at this time. Time does not go back: the library would measure negative durations. */
    void set(long epochMs) {
        if (epochMs < setMs) {
            throw new Refused("cannot make a pass: time goes back; got " + epochMs + ", expected at least " + setMs);
        }
        setMs = epochMs;
    }

    @Override
    public long millis() {
        return setMs < 0 ? System.currentTimeMillis() : setMs;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the peer's clock knows UTC only");
    }
}
