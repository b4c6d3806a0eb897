package dev.lunasec.runtime;

import io.prometheus.metrics.exporter.common.PrometheusHttpExchange;
import io.prometheus.metrics.exporter.common.PrometheusHttpRequest;
import io.prometheus.metrics.exporter.common.PrometheusHttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Enumeration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A scrape of the metrics over the web server. The whole answer is in memory before it is sent, so no thread waits for
 * a slow reader.
 */
final class Scrape implements PrometheusHttpExchange, PrometheusHttpRequest, PrometheusHttpResponse {
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private boolean failed;

    Scrape(Request request, Response response, Callback callback) {
        this.request = request;
        this.response = response;
        this.callback = callback;
    }

    @Override
    public PrometheusHttpRequest getRequest() {
        return this;
    }

    @Override
    public PrometheusHttpResponse getResponse() {
        return this;
    }

    @Override
    public @Nullable String getQueryString() {
        return request.getHttpURI().getQuery();
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return request.getHeaders().getValues(name);
    }

    @Override
    public String getMethod() {
        return request.getMethod();
    }

    @Override
    public String getRequestPath() {
        return Request.getPathInContext(request);
    }

    @Override
    public void setHeader(String name, String value) {
        response.getHeaders().put(name, value);
    }

    @Override
    public OutputStream sendHeadersAndGetBody(int status, int contentLength) {
        response.setStatus(status);
        return body;
    }

    @Override
    public void handleException(IOException e) {
        fail(e);
    }

    @Override
    public void handleException(RuntimeException e) {
        fail(e);
    }

    private void fail(Exception e) {
        failed = true;
        Response.writeError(request, response, callback, e);
    }

    /** Sends the answer, unless the scrape failed. */
    @Override
    public void close() {
        if (!failed) response.write(true, ByteBuffer.wrap(body.toByteArray()), callback);
    }
}
