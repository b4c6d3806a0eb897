package dev.lunasec.local.shop;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The database of the shop: one SQLite file with one table. */
final class Customers implements AutoCloseable {
    private static final String TABLE = """
            create table if not exists customer (
              id integer primary key, name text not null, email text not null,
              card text not null, scan text not null, support_until text)""";

    private static final String LIBRARY_FOLDER = "org.sqlite.tmpdir";

    private final Connection database;

    /** @param file made if it does not exist */
    Customers(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        // The driver unpacks its native library there, instead of in the folder that all programs share.
        if (folder != null && System.getProperty(LIBRARY_FOLDER) == null)
            System.setProperty(LIBRARY_FOLDER, folder.toString());
        try {
            database = DriverManager.getConnection("jdbc:sqlite:" + file);
            try (Statement create = database.createStatement()) {
                create.execute(TABLE);
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    synchronized Customer add(SignUp signUp) {
        String sql = "insert into customer (name, email, card, scan) values (?, ?, ?, ?) returning *";
        return read(sql, signUp.name(), signUp.email(), signUp.card(), signUp.scan())
                .get(0);
    }

    synchronized Optional<Customer> find(long id) {
        return read("select * from customer where id = ?", id).stream().findFirst();
    }

    /** Those who signed up last are the first. */
    synchronized List<Customer> newest(int most) {
        return read("select * from customer order by id desc limit ?", most);
    }

    /** @param until null for not at all */
    synchronized Customer letSupportSee(long id, @Nullable Instant until) {
        String sql = "update customer set support_until = ? where id = ? returning *";
        return read(sql, until == null ? null : until.toString(), id).get(0);
    }

    /** The row of a customer as it is stored: its columns by name. */
    synchronized Map<String, String> row(long id) {
        return query("select * from customer where id = ?", Customers::columns, id)
                .get(0);
    }

    @Override
    public synchronized void close() {
        try {
            database.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private List<Customer> read(String sql, @Nullable Object... values) {
        return query(sql, Customers::customer, values);
    }

    private <T> List<T> query(String sql, Row<T> row, @Nullable Object... values) {
        try (PreparedStatement statement = database.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) statement.setObject(i + 1, values[i]);
            List<T> read = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) read.add(row.read(rows));
            }
            return read;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static Customer customer(ResultSet row) throws SQLException {
        String until = row.getString("support_until");
        return new Customer(
                row.getLong("id"),
                row.getString("name"),
                row.getString("email"),
                row.getString("card"),
                row.getString("scan"),
                until == null ? null : Instant.parse(until));
    }

    private static Map<String, String> columns(ResultSet row) throws SQLException {
        ResultSetMetaData names = row.getMetaData();
        Map<String, String> columns = new LinkedHashMap<>();
        for (int i = 1; i <= names.getColumnCount(); i++) {
            String value = row.getString(i);
            columns.put(names.getColumnName(i), value == null ? "" : value);
        }
        return columns;
    }

    /** The text of SQLite names columns and never values. */
    private static IllegalStateException failed(SQLException e) {
        return new IllegalStateException("The database of the shop failed: " + e.getMessage(), e);
    }
}
