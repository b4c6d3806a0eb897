package dev.lunasec.tokenizer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.lunasec.tokenizer", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule tokensKeysAndRecordsArePure = noClasses()
            .that()
            .resideInAPackage("..tokenizer.token..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.javalin..",
                    "software.amazon..",
                    "io.lettuce..",
                    "java.net..",
                    "java.nio.file..",
                    "org.slf4j..",
                    "..tokenizer.vault..",
                    "..tokenizer.store..",
                    "..tokenizer.grant..",
                    "..tokenizer.auth..",
                    "..tokenizer.api..",
                    "..tokenizer.ops..");

    @ArchTest
    static final ArchRule theVaultTalksToInterfacesOnly = noClasses()
            .that()
            .resideInAPackage("..tokenizer.vault..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.javalin..", "software.amazon..", "io.lettuce..", "..tokenizer.api..", "..tokenizer.ops..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching(".*\\.(S3|Redis)[A-Za-z]+");

    @ArchTest
    static final ArchRule onlyTheRoutesKnowHttp = noClasses()
            .that()
            .resideOutsideOfPackages("..tokenizer.api..", "..tokenizer.agent..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..");

    @ArchTest
    static final ArchRule theAgentKnowsNothingOfWhatTheTokenizerKeeps = noClasses()
            .that()
            .resideInAPackage("..tokenizer.agent..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..tokenizer.vault..",
                    "..tokenizer.token..",
                    "..tokenizer.store..",
                    "..tokenizer.grant..",
                    "io.lettuce..",
                    "software.amazon..");

    @ArchTest
    static final ArchRule maintenanceKnowsNobodyWhoIsServed = noClasses()
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
                    "..tokenizer.api..");
}
