package dev.outrider.peer;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.highavailability.nonha.standalone.StandaloneClientHAServices;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.MessageHeaders;
import org.apache.flink.runtime.rest.messages.MessageParameters;
import org.apache.flink.runtime.rest.messages.RequestBody;
import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.runtime.rest.util.RestClientException;
import org.apache.flink.runtime.rest.util.RestMapperUtils;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JavaType;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/**
 * Flink's client over connections that are kept. The library opens and closes a client for nearly every request; with
 * one shared client that stays open, a pass takes a fifth of the time. It does not retry: the next pass asks again.
 */
final class FlinkClient extends RestClusterClient<String> {
    private static final ObjectMapper MAPPER = RestMapperUtils.getFlexibleObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String base;
    private final Duration timeout;

    FlinkClient(URI url, Configuration configuration, Duration timeout) throws Exception {
        super(configuration, "peer", (c, e) -> new StandaloneClientHAServices(url.toString()));
        this.base = url.toString().replaceAll("/$", "") + "/v1";
        this.timeout = timeout;
    }

    /** Called by the library after every use; the client lives as long as the process. */
    @Override
    public void close() {}

    @Override
    public <
                    M extends MessageHeaders<R, P, U>,
                    U extends MessageParameters,
                    R extends RequestBody,
                    P extends ResponseBody>
            CompletableFuture<P> sendRequest(M headers, U parameters, R body) {
        String path = MessageParameters.resolveUrl(headers.getTargetRestEndpointURL(), parameters);
        String method = headers.getHttpMethod().name();
        try {
            var content = body instanceof EmptyRequestBody
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(MAPPER.writeValueAsString(body));
            var request = HttpRequest.newBuilder(URI.create(base + path))
                    .timeout(timeout)
                    .header("content-type", "application/json")
                    .method(method, content)
                    .build();
            return CompletableFuture.completedFuture(read(headers, path, http.send(request, BodyHandlers.ofByteArray())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(e);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new IOException(method + " " + base + path + " failed: " + e, e));
        } catch (RestClientException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static <P extends ResponseBody> P read(
            MessageHeaders<?, P, ?> headers, String path, HttpResponse<byte[]> reply)
            throws IOException, RestClientException {
        if (reply.statusCode() / 100 != 2) {
            String text = new String(reply.body(), StandardCharsets.UTF_8);
            throw new RestClientException(
                    path + ": Flink answered " + reply.statusCode() + ": " + Output.shorten(text),
                    HttpResponseStatus.valueOf(reply.statusCode()));
        }
        Class<?>[] parameters = headers.getResponseTypeParameters().toArray(new Class<?>[0]);
        JavaType type = parameters.length == 0
                ? MAPPER.constructType(headers.getResponseClass())
                : MAPPER.getTypeFactory().constructParametricType(headers.getResponseClass(), parameters);
        return MAPPER.readValue(reply.body(), type);
    }
}
