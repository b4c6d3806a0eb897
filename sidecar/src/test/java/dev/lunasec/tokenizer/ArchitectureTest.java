package dev.lunasec.tokenizer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package may import what. */
@AnalyzeClasses(packages = "dev.lunasec.tokenizer", importOptions = ImportOption.DoNotIncludeTests.class)
@ArchTag("pure")
class ArchitectureTest {
    @ArchTest
    static final ArchRule packagesFormNoCircle =
            slices().matching("dev.lunasec.tokenizer.(*)..").should().beFreeOfCycles();

    /** The root holds the composition roots, which import every package. */
    @ArchTest
    static final ArchRule noPackageImportsTheRoot = noClasses()
            .that()
            .resideInAPackage("dev.lunasec.tokenizer.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.lunasec.tokenizer");

    @ArchTest
    static final ArchRule tokensKeysAndRecordsArePure = noClasses()
            .that()
            .resideInAPackage("..tokenizer.token..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.javalin..",
                    "org.eclipse.jetty..",
                    "software.amazon..",
                    "dev.lunasec.s3..",
                    "io.lettuce..",
                    "java.net..",
                    "java.nio.file..",
                    "org.slf4j..",
                    "..tokenizer.vault..",
                    "..tokenizer.store..",
                    "..tokenizer.grant..",
                    "..tokenizer.auth..",
                    "..tokenizer.http..",
                    "..tokenizer.api..",
                    "..tokenizer.ops..");

    /** What a grant is and what may be asked of grants does not depend on Redis. */
    @ArchTest
    static final ArchRule onlyClassesNamedRedisImportRedis = noClasses()
            .that()
            .haveNameNotMatching("dev\\.lunasec\\.tokenizer\\.grant\\.Redis.*")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lettuce..", "io.netty..");

    @ArchTest
    static final ArchRule grantsImportNoHttpAndNoObjectStore = noClasses()
            .that()
            .resideInAPackage("..tokenizer.grant..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.javalin..",
                    "org.eclipse.jetty..",
                    "java.net.http..",
                    "software.amazon..",
                    "dev.lunasec.s3..",
                    "..tokenizer.store..",
                    "..tokenizer.http..",
                    "..tokenizer.api..");

    @ArchTest
    static final ArchRule onlyStoreAndSelfCheckImportTheAwsSdk = noClasses()
            .that()
            .resideOutsideOfPackages("..tokenizer.store..", "..tokenizer.ops..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon..");

    @ArchTest
    static final ArchRule theVaultImportsInterfacesOfStoreAndGrants = noClasses()
            .that()
            .resideInAPackage("..tokenizer.vault..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.javalin..",
                    "org.eclipse.jetty..",
                    "software.amazon..",
                    "io.lettuce..",
                    "..tokenizer.http..",
                    "..tokenizer.api..",
                    "..tokenizer.ops..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching(".*\\.(S3|Redis)[A-Za-z]+");

    @ArchTest
    static final ArchRule onlyServersImportAWebServer = noClasses()
            .that()
            .resideOutsideOfPackages("..tokenizer.http..", "..tokenizer.api..", "..tokenizer.agent..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..");

    @ArchTest
    static final ArchRule theAgentImportsNothingOfTheTokenizer = noClasses()
            .that()
            .resideInAPackage("..tokenizer.agent..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..tokenizer.api..",
                    "..tokenizer.vault..",
                    "..tokenizer.token..",
                    "..tokenizer.store..",
                    "..tokenizer.grant..",
                    "io.lettuce..",
                    "software.amazon..");

    @ArchTest
    static final ArchRule maintenanceImportsNothingThatServesCallers = noClasses()
            .that()
            .resideInAPackage("..tokenizer.job..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.javalin..",
                    "io.lettuce..",
                    "software.amazon..",
                    "..tokenizer.vault..",
                    "..tokenizer.grant..",
                    "..tokenizer.auth..",
                    "..tokenizer.http..",
                    "..tokenizer.api..");
}
