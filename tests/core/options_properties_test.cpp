#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fer/core/config_file.h"
#include "fer/core/files.h"
#include "fer/core/options.h"
#include "support/properties.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

using nlohmann::json;
using test::for_all;

enum class Way { there, back };
std::span<const std::string_view> choice_names(Way) {
  static constexpr std::string_view kNames[] = {"there", "back"};
  return kNames;
}

// A field of every kind.
struct Options {
  bool truth = false;
  std::int64_t count = 0;
  double rate = 0.0;
  std::string text = "a";
  std::vector<std::string> list;
  Way way = Way::there;

  void visit(OptionVisitor& visitor) {
    visitor.field(Field("truth", ""), truth);
    visitor.field(Field("count", "").range(-1e9, 1e9), count);
    visitor.field(Field("rate", "").range(-1e300, 1e300), rate);
    visitor.field(Field("text", "").needed(), text);
    visitor.field(Field("list", ""), list);
    visitor.field(Field("way", ""), way);
  }
  bool operator==(const Options&) const = default;
};

rc::Gen<std::string> text() {
  return rc::gen::container<std::string>(rc::gen::elementOf(std::string("aZ0 /\\\"'\n\t{}[]:,#")));
}

Options any_options() {
  Options options;
  options.truth = *rc::gen::arbitrary<bool>();
  options.count = *rc::gen::inRange(-1'000'000'000, 1'000'000'001);
  options.rate =
      *rc::gen::suchThat(test::any_number(), [](double x) { return std::abs(x) <= 1e300; });
  options.text = *rc::gen::nonEmpty(text());
  options.list = *rc::gen::container<std::vector<std::string>>(text());
  options.way = *rc::gen::element(Way::there, Way::back);
  return options;
}

TEST_CASE("Options come back from JSON, and from a config file", "[core][unit]") {
  const test::TemporaryFolder folder;
  for_all([&] {
    Options options = any_options();
    const json written = options_to_json(visiting(options));
    Options read;
    options_from_json(json::parse(written.dump()), visiting(read), "JSON");
    RC_ASSERT(read == options);
    const std::string path = (folder / "c.json").string();
    write_file(path, "// A comment\n" + written.dump(*rc::gen::inRange(-1, 4)));
    Options configured;
    RC_ASSERT(apply_config_file(path, visiting(configured)).size() ==
              option_names(visiting(read)).size());
    RC_ASSERT(configured == options);
  });
}

TEST_CASE("Options come back from the words of a command line", "[core][unit]") {
  for_all([] {
    Options options = any_options(), read;
    if (options.list.empty()) options.list = {"one"};
    const json written = options_to_json(visiting(options));
    for (const auto& [name, value] : written.items()) {
      const auto words = value.is_array() ? value.get<std::vector<std::string>>()
                                          : std::vector<std::string>{plain_text(value)};
      option_from_words(name, words, visiting(read));
    }
    RC_ASSERT(read == options);
  });
}

TEST_CASE("A number outside its range is never taken", "[core][unit]") {
  for_all([] {
    const auto count = *rc::gen::suchThat(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t n) {
      return n < -1'000'000'000 || n > 1'000'000'000;
    });
    Options options;
    RC_ASSERT_THROWS(options_from_json({{"count", count}}, visiting(options), "JSON"));
    RC_ASSERT_THROWS(option_from_words("count", {std::to_string(count)}, visiting(options)));
  });
}

}  // namespace
}  // namespace fer
