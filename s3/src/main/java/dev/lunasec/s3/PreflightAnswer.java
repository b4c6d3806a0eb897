package dev.lunasec.s3;

import java.net.http.HttpHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a store answered a CORS preflight. A browser sends credentials of no kind with signed URLs, so an asterisk allows
 * everything.
 *
 * @param origins the values of {@code Access-Control-Allow-Origin}; a browser takes exactly one
 * @param methods the allowed methods, as they were sent
 * @param headers the allowed headers, in lower case
 */
public record PreflightAnswer(int status, List<String> origins, List<String> methods, List<String> headers) {
    private static final String ALL = "*";

    static PreflightAnswer of(int status, HttpHeaders answer) {
        return new PreflightAnswer(
                status,
                answer.allValues("Access-Control-Allow-Origin"),
                entries(answer, "Access-Control-Allow-Methods"),
                entries(answer, "Access-Control-Allow-Headers").stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList());
    }

    /**
     * What the answer does not allow: the first thing that a browser would refuse the request for, as the end of a
     * sentence. Empty if the browser sends the request.
     *
     * @param origin of the page
     * @param requested the headers that the page sends, in lower case
     */
    public Optional<String> missing(String origin, String method, List<String> requested) {
        if (status < 200 || status > 299) return Optional.of("is answered with the status " + status);
        if (!origins.equals(List.of(origin)) && !origins.equals(List.of(ALL)))
            return Optional.of("does not allow the origin");
        // The Fetch Standard needs no permission for GET.
        if (!method.equals("GET") && !methods.contains(method) && !methods.contains(ALL))
            return Optional.of("does not allow the method");
        if (headers.contains(ALL)) return Optional.empty();
        return requested.stream()
                .filter(name -> !headers.contains(name))
                .findFirst()
                .map(name -> "does not allow the header " + name);
    }

    private static List<String> entries(HttpHeaders answer, String name) {
        return answer.allValues(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }
}
