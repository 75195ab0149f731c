import ArgumentParser
import Node
import Regions

/// The options that every command has.
struct CommonOptions: ParsableArguments {
  @Flag(help: "以 JSON 作答 / answer in JSON")
  var json = false

  @Option(
    help: ArgumentHelp(
      "节点目录,默认取 LIANDONG_HOME,再默认 /var/lib/liandong / the node's folder",
      valueName: "dir"))
  var home: String?

  @Option(
    help: ArgumentHelp(
      "语言 zh 或 en,默认取 LIANDONG_LANG,再取 node.yaml / language", valueName: "zh|en"),
    transform: ArgumentReaders.language)
  var lang: Language?

  /// The environment variable that names the language.
  static let languageVariable = "LIANDONG_LANG"

  /// The language: the option's, else the environment's, else that of the node's settings, else
  /// Chinese.
  func language(_ environment: [String: String]) -> Language {
    if let lang { return lang }
    if let language = environment[Self.languageVariable].flatMap(Language.init(rawValue:)) {
      return language
    }
    // Settings with faults, or none, say nothing; whoever needs them reports that.
    return (try? NodeConfiguration.load(from: home(environment)))?.language ?? .zh
  }

  /// The node's folder: the option's, else the environment's, else the usual one.
  func home(in context: CommandContext) -> HomeLayout { home(context.environment) }

  private func home(_ environment: [String: String]) -> HomeLayout {
    let named = home ?? environment[HomeLayout.environmentVariable]
    return HomeLayout(path: named.flatMap { $0.isEmpty ? nil : $0 } ?? HomeLayout.defaultPath)
  }
}
