import Logging
import Node

/// Writes log lines to stderr, each on one line whatever a peer's texts hold.
struct PrintableLog: LogHandler {
  private var base: StreamLogHandler

  init(label: String) { base = StreamLogHandler.standardError(label: label) }

  var logLevel: Logger.Level {
    get { base.logLevel }
    set { base.logLevel = newValue }
  }

  var metadata: Logger.Metadata {
    get { base.metadata }
    set { base.metadata = newValue.mapValues(Self.printable) }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { base[metadataKey: key] }
    set { base[metadataKey: key] = newValue.map(Self.printable) }
  }

  func log(event: LogEvent) {
    var event = event
    event.message = "\(event.message.description.printableLine)"
    event.metadata = event.metadata?.mapValues(Self.printable)
    base.log(event: event)
  }

  private static func printable(_ value: Logger.Metadata.Value) -> Logger.Metadata.Value {
    switch value {
    case .string(let text): .string(text.printableLine)
    case .stringConvertible(let value): .string(value.description.printableLine)
    case .array(let values): .array(values.map(printable))
    case .dictionary(let values): .dictionary(values.mapValues(printable))
    }
  }
}

extension CommandContext {
  /// Logs go to stderr, one line each.
  func logger(level: Logger.Level) -> Logger {
    var logger = Logger(label: "liandong") { PrintableLog(label: $0) }
    logger.logLevel = level
    return logger
  }
}
