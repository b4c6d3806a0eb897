package dev.lunasec.testbed.rings;

import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Fails the discovery of tests when one of them is in no ring, or in more than one. It excludes no test. A filter is
 * the only extension whose errors end the run.
 */
public final class RingCheck implements PostDiscoveryFilter {
    @Override
    public FilterResult apply(TestDescriptor test) {
        if (test.isTest()) Rings.of(className(test), test.getTags());
        return FilterResult.included("this filter excludes no test");
    }

    private static String className(TestDescriptor test) {
        TestSource source = test.getSource().orElse(null);
        if (source instanceof MethodSource method) return method.getClassName();
        if (source instanceof ClassSource type) return type.getClassName();
        return test.getUniqueId().toString();
    }
}
