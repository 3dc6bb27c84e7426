package io.tenure;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.Calendar;
import java.util.Date;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Who may see whom. The packages and their duties are listed in the package descriptions. */
final class LayersTest {

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tenure");

    private static final String RAFT = "io.tenure.raft..";
    private static final String ENTRY = "io.tenure.entry..";
    private static final String HANDOFF = "io.tenure.handoff..";
    private static final String JOURNAL = "io.tenure.journal..";
    private static final String STORE = "io.tenure.store..";
    private static final String NET = "io.tenure.net..";
    private static final String NODE = "io.tenure.node..";
    private static final String[] OF_A_NODE = {RAFT, ENTRY, HANDOFF, JOURNAL, STORE, NET, NODE};

    /** What a pure function needs: values, collections, and what the compiler makes records and lambdas of. */
    private static final DescribedPredicate<JavaClass> PURE_JAVA = resideInAnyPackage(
                    "java.lang",
                    "java.lang.annotation",
                    "java.lang.invoke",
                    "java.lang.runtime",
                    "java.util",
                    "java.util.function",
                    "java.util.random")
            .and(not(belongToAnyOf(
                    Thread.class,
                    ThreadGroup.class,
                    ThreadLocal.class,
                    Runtime.class,
                    Process.class,
                    ProcessBuilder.class,
                    ProcessHandle.class,
                    Calendar.class,
                    Date.class,
                    Random.class,
                    SplittableRandom.class,
                    Timer.class,
                    TimerTask.class,
                    UUID.class)))
            .as("pure Java");

    private static final DescribedPredicate<JavaClass> FILES = resideInAnyPackage("java.nio.file..")
            .or(belongToAnyOf(
                    File.class,
                    FileDescriptor.class,
                    FileInputStream.class,
                    FileOutputStream.class,
                    FileReader.class,
                    FileWriter.class,
                    RandomAccessFile.class,
                    FileChannel.class,
                    AsynchronousFileChannel.class,
                    FileLock.class))
            .as("files");

    private static final DescribedPredicate<JavaClass> SETTINGS = resideInAPackage(NODE)
            .and(new DescribedPredicate<>("settings or main") {
                @Override
                public boolean test(JavaClass type) {
                    String name = type.getName().substring(type.getPackageName().length() + 1);
                    return name.startsWith("Settings") || name.equals("Main") || name.startsWith("Main$");
                }
            });

    /** Methods of java.lang that tell the time, roll dice, or stop what runs. */
    private static final Set<String> IMPURE_CALLS = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.System.exit",
            "java.lang.System.getProperty",
            "java.lang.System.getenv",
            "java.lang.System.identityHashCode",
            "java.lang.Math.random",
            "java.lang.StrictMath.random",
            "java.util.random.RandomGenerator.getDefault",
            "java.util.random.RandomGenerator.of",
            "java.util.Collections.shuffle");

    @Test
    void coreSeesNothingButPureJava() {
        check(classes()
                .that()
                .resideInAPackage(RAFT)
                .should()
                .onlyDependOnClassesThat(resideInAPackage(RAFT).or(PURE_JAVA)));
    }

    @Test
    void coreTakesTimeAndChanceAsArguments() {
        check(noClasses()
                .that()
                .resideInAPackage(RAFT)
                .should()
                .accessTargetWhere(target("time, chance or the process itself", LayersTest::isImpure)));
        check(noClasses()
                .that()
                .resideInAPackage(RAFT)
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .accessField(System.class, "in"));
    }

    @Test
    void entryKnowsOnlyText() {
        check(classes()
                .that()
                .resideInAPackage(ENTRY)
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(ENTRY, RAFT, "net.openhft.chronicle..", "org.agrona..", "java..")));
    }

    @Test
    void handoffKnowsOnlyTheCoreAndAgrona() {
        check(classes()
                .that()
                .resideInAPackage(HANDOFF)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(HANDOFF, RAFT, "org.agrona..", "java..")));
    }

    @Test
    void journalStoreAndNetAreStrangers() {
        check(noClasses().that().resideInAPackage(JOURNAL).should().dependOnClassesThat(in(STORE, NET, NODE)));
        check(noClasses().that().resideInAPackage(STORE).should().dependOnClassesThat(in(JOURNAL, NET, NODE)));
        check(noClasses().that().resideInAPackage(NET).should().dependOnClassesThat(in(JOURNAL, STORE, NODE)));
    }

    @Test
    void onlyNetSeesNetty() {
        check(noClasses()
                .that()
                .resideInAnyPackage(RAFT, ENTRY, HANDOFF, JOURNAL, STORE, NODE)
                .should()
                .dependOnClassesThat(in("io.netty..")));
    }

    @Test
    void onlyEntryAndJournalSeeChronicle() {
        check(noClasses()
                .that()
                .resideInAnyPackage(RAFT, HANDOFF, STORE, NET, NODE)
                .should()
                .dependOnClassesThat(in("net.openhft..")));
    }

    @Test
    void onlyJournalAndSettingsSeeFiles() {
        check(noClasses()
                .that(resideInAnyPackage(OF_A_NODE)
                        .and(not(resideInAPackage(JOURNAL)))
                        .and(not(SETTINGS)))
                .should()
                .dependOnClassesThat(FILES));
    }

    @Test
    void onlyNodeStartsThreads() {
        check(noClasses()
                .that(resideInAnyPackage(OF_A_NODE).and(not(resideInAPackage(NODE))))
                .should()
                .accessTargetWhere(target("a new thread", LayersTest::startsThread)));
    }

    @Test
    void nodesDoNotDependOnClients() {
        check(noClasses()
                .that()
                .resideInAnyPackage(OF_A_NODE)
                .should()
                .dependOnClassesThat(in("io.tenure.client..", "io.tenure.cli..")));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(PRODUCT);
    }

    private static DescribedPredicate<JavaClass> in(String... packages) {
        return resideInAnyPackage(packages);
    }

    private static boolean isImpure(AccessTarget target) {
        return IMPURE_CALLS.contains(target.getOwner().getName() + "." + target.getName());
    }

    private static boolean startsThread(AccessTarget target) {
        JavaClass owner = target.getOwner();
        boolean constructs = target.getName().equals("<init>");
        boolean starts = target.getName().startsWith("start");
        return owner.isEquivalentTo(Executors.class)
                || owner.isEquivalentTo(Timer.class)
                || (constructs && assignableTo(ExecutorService.class).test(owner))
                || owner.isEquivalentTo(ForkJoinPool.class)
                || (owner.isEquivalentTo(CompletableFuture.class)
                        && target.getName().endsWith("Async")
                        && !takesExecutor(target))
                || ((constructs || starts) && assignableTo(Thread.class).test(owner))
                || (starts && owner.getName().equals("org.agrona.concurrent.AgentRunner"));
    }

    /** Who is given an executor starts no thread of its own. */
    private static boolean takesExecutor(AccessTarget target) {
        return target instanceof AccessTarget.CodeUnitAccessTarget code
                && code.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(Executor.class));
    }

    private static DescribedPredicate<JavaAccess<?>> target(String description, Predicate<AccessTarget> matches) {
        return new DescribedPredicate<>(description) {
            @Override
            public boolean test(JavaAccess<?> access) {
                return matches.test(access.getTarget());
            }
        };
    }
}
