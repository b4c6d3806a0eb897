package dev.lunasec.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A process may serve no Kubernetes, no store and no Redis, and still needs what is here. */
@Tag("pure")
class ArchitectureTest {
    private static final JavaClasses MODULE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ArchitectureTest.class.getPackageName());

    @Test
    void theRuntimeImportsNoKubernetesStoreOrRedis() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.crypto..",
                        "javax.net.ssl..",
                        "org.eclipse.jetty..",
                        "org.jspecify..",
                        "org.slf4j..",
                        "ch.qos.logback..",
                        "io.prometheus.metrics..",
                        "dev.lunasec.contract..",
                        "dev.lunasec.runtime..")
                .check(MODULE);
    }

    @Test
    void noPackagesFormACircle() {
        slices().matching("dev.lunasec.(**)").should().beFreeOfCycles().check(MODULE);
    }
}
