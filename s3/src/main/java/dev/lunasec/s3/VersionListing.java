package dev.lunasec.s3;

import static java.lang.Boolean.TRUE;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Lists what a bucket really holds: every version of every object, and the delete markers. An object that was deleted
 * in a versioned bucket is missing in an ordinary listing although its versions are still there. A bucket without
 * versioning has one version of each object.
 *
 * <p>A store that does not know ListObjectVersions is listed in the ordinary way, but only if it says that the bucket
 * has no versioning, or does not know versioning at all. Every method throws {@link SdkException} if the store gives no
 * answer or refuses one.
 *
 * <p>The class is long because it checks the pages of stores that number, order or end them in their own ways.
 */
public final class VersionListing {
    /**
     * One version of an object, or a delete marker.
     *
     * @param id for requests about this version, {@code null} as text included; null on a store that does not know
     *     ListObjectVersions
     * @param latest whether an ordinary read returns this version, or finds nothing because of this marker
     */
    public record Version(String name, @Nullable String id, boolean deleteMarker, boolean latest) {}

    private static final int PAGE = 1000;
    /** A listing with more empty pages one after the other, or with more pages of folders, has no end. */
    private static final int MOST_PAGES = 100;

    private static final Comparator<Version> BY_NAME =
            Comparator.comparing(version -> version.name.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final S3Client s3;
    private final String bucket;

    public VersionListing(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /**
     * The next versions of a prefix, in the order of their names; none when there are no more. Of the last name,
     * versions may be missing; a listing finds them after those of this page were deleted.
     *
     * @param after the last name of the page before, the empty text for the first page
     */
    public List<Version> page(String prefix, String after) {
        return page(prefix, after, PAGE);
    }

    /** Whether a prefix holds nothing at all. */
    public boolean isEmpty(String prefix) {
        return page(prefix, "", 1).isEmpty();
    }

    private List<Version> page(String prefix, String after, int most) {
        try {
            ListObjectVersionsRequest first = ListObjectVersionsRequest.builder()
                    .bucket(bucket)
                    .prefix(prefix)
                    .keyMarker(after.isEmpty() ? null : after)
                    .maxKeys(most)
                    .build();
            return versions(firstThatIsNotEmpty(first, after)).stream()
                    .filter(version -> isAfter(version.name, after))
                    .toList();
        } catch (S3Exception e) {
            requireNoVersions(e);
            return objects(prefix, after, most);
        }
    }

    /**
     * A store may end a page before the first version, for example after names that it hides. Ceph RGW 16 begins a page
     * with the versions of the last name of the page before.
     */
    private ListObjectVersionsResponse firstThatIsNotEmpty(ListObjectVersionsRequest first, String after) {
        ListObjectVersionsResponse page = s3.listObjectVersions(first);
        for (int empty = 1; hasNoneAfter(page, after) && TRUE.equals(page.isTruncated()); empty++) {
            if (empty > MOST_PAGES) throw endless();
            ListObjectVersionsResponse before = page;
            page = s3.listObjectVersions(first.copy(
                    next -> next.keyMarker(before.nextKeyMarker()).versionIdMarker(before.nextVersionIdMarker())));
        }
        return page;
    }

    /**
     * Names in a folder: of objects and delete markers, and of folders, which end in a slash. There are up to a
     * thousand of them, and none only if the folder holds nothing.
     *
     * @param folder the empty text for the top of the bucket
     */
    public Set<String> names(String folder) {
        try {
            ListObjectVersionsRequest first = ListObjectVersionsRequest.builder()
                    .bucket(bucket)
                    .prefix(folder)
                    .delimiter("/")
                    .build();
            return names(firstThatIsNotEmpty(first, ""));
        } catch (S3Exception e) {
            requireNoVersions(e);
            var page =
                    s3.listObjectsV2(list -> list.bucket(bucket).prefix(folder).delimiter("/"));
            return names(page.commonPrefixes(), page.contents().stream().map(S3Object::key));
        }
    }

    private static boolean hasNoneAfter(ListObjectVersionsResponse page, String after) {
        return names(page).stream().noneMatch(name -> isAfter(name, after));
    }

    private static boolean isAfter(String name, String after) {
        return Arrays.compareUnsigned(name.getBytes(StandardCharsets.UTF_8), after.getBytes(StandardCharsets.UTF_8))
                > 0;
    }

    private static Set<String> names(ListObjectVersionsResponse page) {
        return names(page.commonPrefixes(), versions(page).stream().map(Version::name));
    }

    private static Set<String> names(List<CommonPrefix> folders, Stream<String> objects) {
        return Stream.concat(folders.stream().map(CommonPrefix::prefix), objects)
                .collect(Collectors.toSet());
    }

    /** The folders in a folder, each once; each begins with the folder's name and ends in a slash, as that does. */
    public List<String> folders(String folder) {
        try {
            return all(
                    s3.listObjectVersionsPaginator(
                            list -> list.bucket(bucket).prefix(folder).delimiter("/")),
                    ListObjectVersionsResponse::commonPrefixes);
        } catch (S3Exception e) {
            requireNoVersions(e);
            return all(
                    s3.listObjectsV2Paginator(
                            list -> list.bucket(bucket).prefix(folder).delimiter("/")),
                    ListObjectsV2Response::commonPrefixes);
        }
    }

    private static <P> List<String> all(Iterable<P> pages, Function<P, List<CommonPrefix>> folders) {
        // A store may name a folder again on the next page.
        Set<String> names = new LinkedHashSet<>();
        int count = 0;
        for (P page : pages) {
            if (count++ == MOST_PAGES) throw endless();
            folders.apply(page).forEach(folder -> names.add(folder.prefix()));
        }
        return List.copyOf(names);
    }

    private static SdkClientException endless() {
        return SdkClientException.create("a listing of the store has no end");
    }

    private static List<Version> versions(ListObjectVersionsResponse page) {
        List<Version> versions = new ArrayList<>();
        page.versions()
                .forEach(v -> versions.add(new Version(v.key(), v.versionId(), false, TRUE.equals(v.isLatest()))));
        page.deleteMarkers()
                .forEach(v -> versions.add(new Version(v.key(), v.versionId(), true, TRUE.equals(v.isLatest()))));
        versions.sort(BY_NAME);
        return versions;
    }

    private List<Version> objects(String prefix, String after, int most) {
        return s3
                .listObjectsV2(list -> list.bucket(bucket)
                        .prefix(prefix)
                        .startAfter(after.isEmpty() ? null : after)
                        .maxKeys(most))
                .contents()
                .stream()
                .map(object -> new Version(object.key(), null, false, true))
                .toList();
    }

    /** @throws S3Exception the given one, unless the store does not know the request and the bucket has no versions */
    private void requireNoVersions(S3Exception refused) {
        if (!UnknownRequest.is(refused)) throw refused;
        if (hasVersioning()) throw refused;
    }

    private boolean hasVersioning() {
        try {
            return s3.getBucketVersioning(get -> get.bucket(bucket)).status() != null;
        } catch (S3Exception e) {
            if (UnknownRequest.is(e)) return false;
            throw e;
        }
    }
}
