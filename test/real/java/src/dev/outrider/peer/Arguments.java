package dev.outrider.peer;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.util.TimeUtils;

/**
 * The peer's command line, {@code key=value} only: {@code url} or {@code rest.port}, {@code mode}, {@code loop}, and
 * options of the library. A key that nobody knows is refused: the library would ignore it in silence.
 */
final class Arguments {
    private final Set<String> given = new HashSet<>();

    URI url;
    boolean stepped;
    Duration loop = Duration.ofSeconds(2);
    final Configuration autoscalerOptions = new Configuration();

    Arguments(String[] args) {
        autoscalerOptions.setString("job.autoscaler.enabled", "true");
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (equals <= 0) {
                throw new Refused("cannot start the peer: an argument has no key; got " + arg + ", expected key=value");
            }
            take(arg.substring(0, equals), arg.substring(equals + 1));
        }
        if (url == null) {
            throw new Refused("cannot start the peer: no Flink to drive; expected url=http://HOST:PORT or rest.port=PORT");
        }
    }

    private void take(String key, String value) {
        if (!given.add(key)) {
            throw new Refused("cannot start the peer: a key is given twice; got " + key);
        }
        if (key.equals("url")) {
            url = urlFrom(value);
        } else if (key.equals("rest.port")) {
            url = urlFrom("http://127.0.0.1:" + value);
        } else if (key.equals("mode")) {
            stepped = steppedFrom(value);
        } else if (key.equals("loop")) {
            loop = loopFrom(value);
        } else if (LibraryOptions.keys().contains(key)) {
            autoscalerOptions.setString(key, value);
        } else {
            throw new Refused(
                    "cannot start the peer: an unknown key; got " + key + ", expected url, rest.port, mode, loop or one of "
                            + String.join(", ", LibraryOptions.keys()));
        }
    }

    private URI urlFrom(String value) {
        if (url != null) {
            throw new Refused("cannot start the peer: the address is given twice; expected url or rest.port");
        }
        try {
            URI read = URI.create(value);
            boolean isHttp = "http".equals(read.getScheme()) && read.getHost() != null && read.getPort() > 0;
            if (isHttp && read.getPort() <= 65535 && read.getPath().matches("/?")) {
                return read;
            }
        } catch (IllegalArgumentException notAnAddress) {
            // Told below, together with what is an address but not one that can be used.
        }
        throw new Refused("cannot start the peer: no address of Flink; got " + value + ", expected http://HOST:PORT");
    }

    private static boolean steppedFrom(String value) {
        if (!value.equals("live") && !value.equals("stepped")) {
            throw new Refused("cannot start the peer: an unknown mode; got " + value + ", expected live or stepped");
        }
        return value.equals("stepped");
    }

    private static Duration loopFrom(String value) {
        try {
            Duration read = TimeUtils.parseDuration(value.toLowerCase(Locale.ROOT));
            if (read.toMillis() >= 100) {
                return read;
            }
        } catch (IllegalArgumentException notADuration) {
            // Told below.
        }
        throw new Refused("cannot start the peer: loop; got " + value + ", expected a duration of 100ms or more");
    }
}
