import GRDB

extension Connection {
  /// The steps in which SQLite would run a query. Tests hold the hot ones to their indexes.
  func plan(of sql: StaticString) throws -> [String] {
    let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql.description)
    statement.setUncheckedArguments(StatementArguments())
    return try Row.fetchAll(statement).map { $0["detail"] }
  }
}
