package dev.lunasec.tokenizer.api;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.FieldAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.lunasec.contract.ErrorCode;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The error codes that the compiled code names on any way from a method. A call of an interface of this module may go
 * to every implementation. So the answer may hold more codes than can happen, and never fewer, as long as every way
 * that goes through an interface of a library is listed.
 */
final class ReachableErrors {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(Route.class.getProtectionDomain().getCodeSource().getLocation());

    /**
     * Ways that go through an interface of Java or of the SDK, by method: {@code BucketIdentity} checks each write of
     * the bucket's client, and gives the bucket its check as a {@code Runnable}.
     */
    private static final Map<String, String> THROUGH_LIBRARIES = Map.of(
            "store.Bucket.requireOwn", "store.BucketIdentity.requireOwn",
            "store.Bucket.put", "store.BucketIdentity.requireOwn",
            "store.Bucket.delete", "store.BucketIdentity.requireOwn",
            "store.Bucket.rekey", "store.BucketIdentity.requireOwn",
            "store.Bucket.uploads", "store.BucketIdentity.requireOwn");

    private static final String ROOT = "dev.lunasec.tokenizer.";

    private ReachableErrors() {}

    /** The classes of this module without its tests. */
    static JavaClasses mainClasses() {
        return CLASSES;
    }

    /**
     * The codes that a method may name.
     *
     * @param type the class that declares the method
     * @param end a method whose calls do not count; empty for none
     */
    static Set<ErrorCode> from(Class<?> type, String method, String end) {
        Set<ErrorCode> codes = EnumSet.noneOf(ErrorCode.class);
        Set<String> seen = new HashSet<>();
        Deque<JavaCodeUnit> open = new ArrayDeque<>(named(type.getName(), method));
        while (!open.isEmpty()) {
            JavaCodeUnit unit = open.pop();
            if (unit.getName().equals(end) || !seen.add(unit.getFullName())) continue;
            for (JavaAccess<?> access : unit.getAccessesFromSelf()) {
                if (access.getTarget() instanceof FieldAccessTarget field
                        && field.getOwner().isEquivalentTo(ErrorCode.class)) {
                    codes.add(ErrorCode.valueOf(field.getName()));
                }
                if (access.getTarget() instanceof CodeUnitAccessTarget target) open.addAll(implementations(target));
            }
            String next = THROUGH_LIBRARIES.get(unit.getOwner().getName().replace(ROOT, "") + "." + unit.getName());
            if (next != null) open.addAll(named(ROOT + next.substring(0, next.lastIndexOf('.')), last(next)));
        }
        return codes;
    }

    private static Collection<JavaCodeUnit> named(String type, String method) {
        List<JavaCodeUnit> units = CLASSES.get(type).getCodeUnits().stream()
                .filter(unit -> unit.getName().equals(method))
                .toList();
        if (units.isEmpty()) throw new IllegalStateException("there is no " + type + "." + method);
        return units;
    }

    /** The method itself, and those that override it. */
    private static List<JavaCodeUnit> implementations(CodeUnitAccessTarget target) {
        JavaClass owner = target.getOwner();
        if (!owner.getName().startsWith(ROOT)) return List.of();
        return Stream.concat(Stream.of(owner), owner.getAllSubclasses().stream())
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> unit.getName().equals(target.getName()))
                .filter(unit -> unit.getRawParameterTypes().size()
                        == target.getRawParameterTypes().size())
                .toList();
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
