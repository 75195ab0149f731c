import CoreFoundation
import ArgumentParser
import Foundation
import Glibc
import Logging
import Node
import Regions

/// Who acts, for commands that write.
struct PersonOptions: ParsableArguments {
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(Text.actorHelp.help, valueName: "account"))
  var account: String?

  @Option(help: ArgumentHelp(Text.roleHelp.help, valueName: "role"))
  var role: String?

  /// The name of the process's user, which acts where no account is named and none demanded.
  static var userName: String {
    guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else {
      return "uid-\(getuid())"
    }
    return String(cString: name)
  }
}

/// Carries commands to the node of a folder: into its store where no node runs, else to the running
/// node. The lock is tried first, so there are never two writers.
struct NodeCall: Sendable {
  /// How long a folder may be locked by something that takes no commands: a node that starts or
  /// stops, or another command.
  private static let patience = Duration.seconds(10)
  private static let pause = Duration.milliseconds(50)

  /// Who carries the commands out.
  private enum Door {
    case store(NodeCore, CommandRouter)
    case socket(ControlClient)
  }

  let home: HomeLayout
  let language: Language
  let actor: String
  let role: String
  private let logger: Logger
  private let passwords: PasswordInput
  private let access: CallAccess
  /// The account that a password is asked of.
  private let named: String?

  init(_ common: CommonOptions, _ person: PersonOptions?, in context: CommandContext) {
    home = common.home(in: context)
    language = context.language
    let access = CallAccess(context.environment)
    self.access = access
    passwords = PasswordInput(context: context)
    named = person?.account
    // A session knows whose it is.
    actor = person.map { $0.account ?? (access.token.isEmpty ? PersonOptions.userName : "") } ?? ""
    role = person?.role ?? ""
    logger = context.logger(level: .warning)
  }

  /// Runs `body` with a way to send commands; the store stays open until it returns.
  func session<Result>(
    _ body: (Session) async throws -> Result
  ) async throws -> Result {
    let door = try await open()
    let session = Session(call: self) { request, onLine in
      switch door {
      case .store(_, let router): return try await router.handle(request, onLine)
      case .socket(let client):
        let outcome = try await client.send(request, onLine: onLine)
        if let failure = outcome.failure { throw CommandFailure(failure) }
        return outcome.exit
      }
    }
    do {
      let result = try await body(session)
      try await session.logOut()
      if case .store(let core, _) = door { try core.close() }
      return result
    } catch {
      // The error that came first is the one to tell.
      try? await session.logOut()
      if case .store(let core, _) = door { try? core.close() }
      throw error
    }
  }

  /// Whether an error asks for a log-on that a password at hand can give.
  private func mayLogIn(after error: any Error) -> Bool {
    access.token.isEmpty && passwords.isPossible
      && CommandFailure(explaining: error).code == CommandError.Code.loginRequired.rawValue
  }

  private func open() async throws -> Door {
    let deadline = ContinuousClock.now + Self.patience
    while true {
      do {
        let core = try NodeCore.open(
          home: home, software: Version.software, logger: logger, clocks: .system)
        return .store(core, CommandRouter(core: core, home: home, isRunning: false))
      } catch let error as HomeError where error.code == .foreignOwner {
        // A running node may still take commands of this account.
        guard await Self.isServed(home) else { throw error }
        return .socket(ControlClient(home: home))
      } catch {
        guard
          ControlFailure(explaining: error, in: language).exit == ExitStatus.storeLocked.rawValue
        else { throw error }
        if await Self.isServed(home) { return .socket(ControlClient(home: home)) }
        guard ContinuousClock.now < deadline else { throw error }
      }
      try await Task.sleep(for: Self.pause)
    }
  }

  /// Whether a node takes commands on the folder's socket.
  static func isServed(_ home: HomeLayout) async -> Bool {
    var status = stat()
    guard lstat(home.controlSocket, &status) == 0 else { return false }
    do {
      // A question without an effect: whatever the node answers, it is there.
      _ = try await ControlClient(home: home).send(ControlRequest(command: "")) { _ in }
      return true
    } catch {
      return (error as? ControlError)?.code != .notRunning
    }
  }

  /// Sends commands one after another.
  struct Session {
    fileprivate let call: NodeCall
    fileprivate let send: (ControlRequest, (Data) async throws -> Void) async throws -> Int32

    fileprivate init(
      call: NodeCall,
      send: @escaping (ControlRequest, (Data) async throws -> Void) async throws -> Int32
    ) {
      self.call = call
      self.send = send
    }

    /// Has a command carried out; `onLine` takes each line of the answer.
    func send(
      _ command: String, _ arguments: some Encodable, onLine: (Data) async throws -> Void
    ) async throws -> ExitStatus {
      do {
        return try await attempt(command, arguments, onLine)
      } catch  where call.mayLogIn(after: error) {
        // The refusal came before anything was done.
        try await logIn()
        return try await attempt(command, arguments, onLine)
      }
    }

    private func attempt(
      _ command: String, _ arguments: some Encodable, _ onLine: (Data) async throws -> Void
    ) async throws -> ExitStatus {
      let request = try ControlRequest(
        command: command, arguments: arguments, actor: call.actor, role: call.role,
        session: call.access.token, language: call.language)
      let status = try await send(request, onLine)
      return ExitStatus(rawValue: status) ?? .disk
    }

    private func logIn() async throws {
      guard let account = call.named else {
        throw CommandFailure(.usage, code: "no_account", .noAccountNamed)
      }
      let login = LoginArguments(
        account: account, password: try call.passwords.present(of: account))
      var answer: LoginAnswer?
      _ = try await attempt("account login", login) {
        answer = try AnswerCoding.decode(LoginAnswer.self, from: $0)
      }
      if let answer { call.access.open(answer.session) }
    }

    /// Ends the session that the command opened itself, if it did.
    fileprivate func logOut() async throws {
      guard call.access.own != nil else { return }
      _ = try await attempt("account logout", NoArguments()) { _ in }
    }

    /// Has a command carried out that answers with one object.
    func ask<Answer: Decodable>(
      _ command: String, _ arguments: some Encodable, as type: Answer.Type
    ) async throws -> (answer: Answer, status: ExitStatus) {
      var answer: Answer?
      let status = try await send(command, arguments) { line in
        answer = try AnswerCoding.decode(type, from: line)
      }
      guard let answer else {
        throw ControlError(.malformedReply, "the node answered nothing to \(command)")
      }
      return (answer, status)
    }
  }
}

extension LiandongCommand {
  /// Has one command carried out and shows its answer: the node's own lines with `--json`, else what
  /// `show` makes of each.
  func relay<Answer: Decodable>(
    _ command: String, _ arguments: some Encodable, by person: PersonOptions?,
    in context: CommandContext, as type: Answer.Type, show: (Answer, Output) -> Void
  ) async throws -> ExitStatus {
    try await NodeCall(common, person, in: context).session { session in
      try await session.send(command, arguments) { line in
        if context.output.isJSON {
          context.output.line(data: line)
        } else {
          show(try AnswerCoding.decode(type, from: line), context.output)
        }
      }
    }
  }
}
