import Casework
import Identity
import Intake
import Ledger
package import Regions
import Store
import Transport

extension ControlFailure: Error {
  /// The code of an error that no layer explains.
  package static let unexpectedCode = "unexpected"

  /// Explains whatever a command threw, with the status that its caller ends with.
  package init(explaining error: any Error, in language: Language) {
    let (code, exit, detail) = Self.parts(of: error, language)
    self.init(code: code, message: detail, exit: exit.rawValue)
  }

  private static func parts(
    of error: any Error, _ language: Language
  ) -> (String, CommandExit, String) {
    func headed(_ chinese: String, _ detail: String) -> String {
      language == .zh ? "\(chinese):\(detail)" : detail
    }
    switch error {
    case let error as CommandError:
      return (error.code.rawValue, error.exit, error.message(in: language))
    case let error as StoreError:
      let (exit, head) = place(of: error)
      return (error.code.rawValue, exit, headed(head, error.message))
    case let error as IdentityError:
      return (
        error.code.description.replacing(" ", with: "_"),
        error.code == .inputOutput ? .disk : .configuration, headed("证书或密钥", "\(error)")
      )
    case let error as IntakeError:
      let text = language == .zh ? error.text.zh : error.text.en
      return (error.code.name, .badData, headed("线索文件", text))
    case let error as HomeError:
      let exit: CommandExit =
        switch error.code {
        case .inputOutput: .disk
        case .foreignOwner: .refused
        default: .configuration
        }
      return (error.code.rawValue, exit, headed("节点目录", "\(error)"))
    case let error as EvidenceError:
      let exit: CommandExit =
        switch error.code {
        case .noSpace, .inputOutput, .foreign: .disk
        case .busy, .tooManyTransfers: .refused
        default: .badData
        }
      return ("evidence_\(error.code.rawValue)", exit, error.message(in: language))
    case let error as ControlError:
      let exit: CommandExit =
        switch error.code {
        case .malformedRequest: .badData
        case .stranger: .refused
        case .pathTooLong, .exposed: .configuration
        case .inUse: .locked
        case .system: .disk
        default: .unreachable
        }
      return (error.code.rawValue, exit, headed("与运行中的节点通信", "\(error)"))
    case let error as TransportError:
      let (exit, head) = place(of: error)
      return (
        error.code.description.lowercased().replacing(" ", with: "_"), exit,
        headed(head, error.message)
      )
    case let error as ConfigurationError:
      return (
        "configuration_faults", .configuration,
        error.lines(in: language).joined(separator: "\n")
      )
    case let error as MalformedBytes:
      return ("too_large", .badData, headed("内容超出限度", "\(error); shorten the text"))
    case let error as LeadNumber.Fault:
      return (
        "bad_lead_number", .badData, language == .zh ? error.chinese : error.english
      )
    default:
      return (unexpectedCode, .disk, headed("系统出错", "\(error)"))
    }
  }

  private static func place(of error: TransportError) -> (CommandExit, String) {
    switch error.code {
    case .portInUse: (.configuration, "端口已被占用")
    case .addressUnusable: (.configuration, "不能在此地址监听")
    case .credentialsUnusable: (.configuration, "证书或密钥不能用于 TLS")
    case .certificateRefused: (.configuration, "证书被拒绝")
    default: (.unreachable, "链路出错")
    }
  }

  private static func place(of error: StoreError) -> (CommandExit, String) {
    switch error.code {
    case .locked: (.locked, "台账正被占用")
    case .diskFull: (.disk, "磁盘已满")
    case .disk: (.disk, "磁盘读写失败")
    case .damaged: (.disk, "台账损坏")
    case .wrongStore: (.configuration, "台账不属于本节点")
    case .tooNew: (.configuration, "台账版本较新")
    case .refused: (.refused, "不予办理")
    case .originClosed:
      (.refused, "市级已封存本节点的起点,所写内容各处均无效。请重启节点,以新代次办理;若密钥失窃,应先换发密钥和证书")
    case .closed: (.unreachable, "节点正在停止")
    default: (.disk, "台账出错")
    }
  }
}
