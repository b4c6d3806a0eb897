package dev.lunasec.bench;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.PlatformManagedObject;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/** A server in a process of its own, and what it takes of the machine. A close ends it. */
final class MeasuredProcess implements AutoCloseable {
    private static final long DEADLINE = TimeUnit.MINUTES.toNanos(3);
    private static final long POLL = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int TIMEOUT_MILLIS = 2_000;

    private final long began = System.nanoTime();
    private final Process process;
    private final Path log;
    private @Nullable JMXConnector management;
    private @Nullable ThreadMXBean threads;
    private @Nullable MemoryMXBean memory;

    /**
     * What a JVM has.
     *
     * @param resident memory that is in use and not on disk, in bytes
     * @param heap bytes of objects that are in use
     */
    record Memory(long resident, long heap) {}

    /**
     * Starts it.
     *
     * @param log gets all that it prints
     */
    MeasuredProcess(ProcessBuilder builder, Path log) throws IOException {
        this.log = log;
        process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        // Also if this process is told to end.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    }

    /**
     * Waits until a URL answers 200.
     *
     * @return the time since the start of the process
     */
    Duration awaitOk(URI url) throws IOException {
        while (System.nanoTime() - began < DEADLINE) {
            if (isOk(url)) return Duration.ofNanos(System.nanoTime() - began);
            if (!process.isAlive()) break;
            LockSupport.parkNanos(POLL);
        }
        throw new IOException("The process does not answer 200 at " + url.getPath() + "; its log is " + log);
    }

    private static boolean isOk(URI url) {
        try {
            HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Processor time since the start, in microseconds; the kernel counts it in steps of 10 ms. */
    long cpuMicros() {
        return ProcessorTime.micros(process.toHandle());
    }

    /** Memory that is in use and not on disk, in bytes. */
    long resident() throws IOException {
        return status("VmRSS:") << 10;
    }

    int threads() throws IOException {
        return (int) status("Threads:");
    }

    /** A number that the kernel tells of the process. */
    private long status(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith(name)) return Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
        throw new IOException("the kernel does not tell " + name + " of process " + process.pid());
    }

    /** What a JVM has allocated on its heap since its start, in bytes. The first call starts its management agent. */
    long allocated() throws IOException {
        if (threads == null) threads = bean(ThreadMXBean.class);
        return threads.getTotalThreadAllocatedBytes();
    }

    /** The memory of a JVM after a collection of its whole heap. */
    Memory memory() throws IOException {
        if (memory == null) memory = bean(MemoryMXBean.class);
        memory.gc();
        return new Memory(resident(), memory.getHeapMemoryUsage().getUsed());
    }

    /** Gives a JVM an agent, or another command to an agent that it has. */
    void agent(Path library, String options) throws IOException {
        VirtualMachine machine = attach();
        try {
            machine.loadAgentPath(library.toString(), options);
        } catch (AgentLoadException | AgentInitializationException e) {
            throw new IOException("the agent " + library.getFileName() + " does not start", e);
        } finally {
            machine.detach();
        }
    }

    private <T extends PlatformManagedObject> T bean(Class<T> kind) throws IOException {
        if (management == null) management = connect();
        return ManagementFactory.getPlatformMXBean(management.getMBeanServerConnection(), kind);
    }

    @SuppressWarnings("BanJNDI") // The URL comes from a process that this one has started.
    private JMXConnector connect() throws IOException {
        VirtualMachine machine = attach();
        try {
            return JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
        } finally {
            machine.detach();
        }
    }

    private VirtualMachine attach() throws IOException {
        try {
            return VirtualMachine.attach(Long.toString(process.pid()));
        } catch (AttachNotSupportedException e) {
            throw new IOException("process " + process.pid() + " is no JVM that can be asked", e);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (management != null) management.close();
        management = null;
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) process.destroyForcibly().waitFor();
    }
}
