// A config file, as every program reads it: by its options. Those that it sets are written and read
// again.
#include <nlohmann/json.hpp>

#include "fer/core/config_file.h"
#include "fer/graph/net_options.h"
#include "fuzz/fuzz_target.h"
#if FER_WITH_SERVE
#include "fer/commands/serve_options.h"
#endif
#if FER_WITH_VISION
#include "fer/commands/predict_options.h"
#endif

namespace fer::fuzz {

namespace {

// A field of every type and bound.
struct AllKinds {
  bool truth = false;
  std::int64_t count = 3;
  double rate = 0.5;
  std::string text = "a";
  std::string choice = "off";
  std::vector<std::string> list;
  graph::NetOptions net;

  void visit(OptionVisitor& visitor) {
    visitor.group("All");
    visitor.field(Field("truth", "").formerly("verity"), truth);
    visitor.field(Field("count", "").range(-1000, 1'000'000'000), count);
    visitor.field(Field("rate", "").range(0, 1), rate);
    visitor.field(Field("text", "").needed(), text);
    visitor.field(Field("choice", "").one_of({"on", "off", "auto"}), choice);
    visitor.field(Field("list", ""), list);
    net.visit(visitor);
  }
};

template <class Options>
void apply(const std::filesystem::path& path) {
  Options options;
  may_refuse(path.string(), [&] {
    const auto places = apply_config_file(path.string(), visiting(options));
    for (const auto& [name, place] : places) {
      require(place.starts_with(path.string() + " line "), "a place is a line of the file");
    }
    const nlohmann::json written = options_to_json(visiting(options));
    Options again;
    options_from_json(written, visiting(again), "what was written");
    require(options_to_json(visiting(again)) == written, "options are read as they are written");
  });
}

}  // namespace

void config(std::string_view bytes) {
  const InputFile file(bytes);
  apply<AllKinds>(file.path());
#if FER_WITH_VISION
  apply<commands::PredictOptions>(file.path());
#endif
#if FER_WITH_SERVE
  apply<commands::ServeOptions>(file.path());
#endif
}

}  // namespace fer::fuzz
