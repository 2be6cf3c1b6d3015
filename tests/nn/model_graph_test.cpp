// A model file that is read without LibTorch and run by runtime/ gives LibTorch's results.
#include <ATen/ATen.h>
#include <torch/utils.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/graph/architectures.h"
#include "fer/nn/architectures.h"
#include "fer/nn/frozen_model.h"
#include "fer/nn/memory_format.h"
#include "fer/nn/model.h"
#include "fer/nn/normalise.h"
#include "fer/runtime/executable.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/shaken_model.h"
#include "support/temporary_folder.h"

namespace fer::nn {
namespace {

// The largest difference of the logits, relative to the largest of them.
double error_of(const runtime::Executable& executable, const Model& model,
                const at::Tensor& faces) {
  const at::NoGradGuard no_grad;
  const at::Tensor expected = model.net->forward(faces);
  runtime::Team team(1);
  const std::vector<float> logits =
      executable.run({faces.const_data_ptr<float>(), static_cast<std::size_t>(faces.numel())}, team)
          .at(0);
  const at::Tensor got = at::tensor(logits).view(expected.sizes());
  return test::largest_difference(got, expected) /
         std::max(expected.abs().max().item<double>(), 1.0);
}

// Runs with every set of instructions that this processor has.
void check_equal(const std::string& architecture, const graph::NetOptions& options,
                 const LabelSet& labels = LabelSet::fer2013(), const FaceFormat& format = {}) {
  const test::TemporaryFolder folder;
  const Model model = test::shaken_model(architecture, options, labels, format);
  save_model(folder / "model.safetensors", model);
  const SafetensorsFile file(folder / "model.safetensors");
  const model::ModelInfo info = model::read_model_info(file);
  CHECK(info == model.info);
  const graph::Graph net =
      graph::graph_of(info.architecture, static_cast<std::int64_t>(info.labels.size()), info.net,
                      graph::weights_of(file), file.path(), info.input.cut.format);
  for (const std::int64_t side : {format.width, 42}) {  // 42: odd sides on the way
    if (side != format.width && !model.net->takes_any_side()) continue;
    const at::Tensor faces = at::randn({2, format.channels(), side, side});
    for (const runtime::Instructions some : runtime::runnable_instructions()) {
      CAPTURE(architecture, side, runtime::name_of(some));
      const runtime::Executable exact(net, {side, side, runtime::Precision::float32, some});
      CHECK(error_of(exact, model, faces) < 2e-5);
      if (!runtime::runs_bfloat16(some)) continue;
      const runtime::Executable rough(net, {side, side, runtime::Precision::bfloat16, some});
      CHECK(error_of(rough, model, faces) < 0.1);
    }
  }
}

TEST_CASE("Every architecture says the same as a graph", "[nn][unit]") {
  for (const Architecture& architecture : architectures()) {
    check_equal(architecture.name, {});
    check_equal(architecture.name, {}, LabelSet::ferplus8());
  }
}

TEST_CASE("Every architecture says the same as a graph for faces of other sizes and colours",
          "[nn][unit]") {
  graph::NetOptions narrow;
  narrow.width = 0.25;
  const std::vector<FaceFormat> formats = {{16, 16, Colour::grey},
                                           {49, 49, Colour::grey},  // an odd side
                                           {64, 64, Colour::rgb},
                                           {112, 112, Colour::rgb}};
  for (const Architecture& architecture : architectures()) {
    const bool has_width = architecture.name != "seed-cnn";
    for (const FaceFormat& format : formats) {
      CAPTURE(text_of(format));
      check_equal(architecture.name, has_width ? narrow : graph::NetOptions(), LabelSet::fer2013(),
                  format);
    }
  }
}

TEST_CASE("A model of other faces says side and channels, and is the same once it is read",
          "[nn][unit]") {
  const test::TemporaryFolder folder;
  const Model model = test::shaken_model("nano", {}, LabelSet::fer2013(), {64, 64, Colour::rgb});
  save_model(folder / "a.safetensors", model);
  const SafetensorsFile file(folder / "a.safetensors");
  const auto input = nlohmann::json::parse(file.metadata().at("input"));
  CHECK(input.at("side") == 64);
  CHECK(input.at("channels") == 3);
  CHECK(input.at("other_channels").size() == 2);
  const Model read = load_model(folder / "a.safetensors");
  CHECK(read.info == model.info);
  // Through the runtime, and by LibTorch's modules, it says the same of faces [N,H,W,3].
  const at::Tensor faces = at::randint(256, {5, 64, 64, 3}, at::kByte);
  const at::Tensor rows = FrozenModel(read).probabilities(faces, 2);
  const at::NoGradGuard no_grad;
  const at::Tensor expected =
      at::softmax(read.net->forward(normalise(faces, read.info.input)) / read.info.temperature, 1);
  CHECK(test::largest_difference(rows, expected) < 1e-5);
}

TEST_CASE("Both tables have the same architectures, and refuse the same options", "[nn][unit]") {
  std::vector<std::string> names;
  for (const Architecture& architecture : architectures()) names.push_back(architecture.name);
  CHECK(graph::architecture_names() == names);
  std::vector<graph::NetOptions> changes(8);
  changes[0].width = 0.5;
  changes[1].stem_stride = 2;
  changes[2].se = graph::SqueezeExcitation::on;
  changes[3].shortcut = graph::ShortcutKind::pool;
  changes[4].downsample = graph::DownsampleKind::blur;
  changes[5].block = graph::BlockKind::pre;
  changes[6].drop_path = 0.5;
  changes[7].dropout = 0.25;
  const auto refusal = [](const auto& make) -> std::string {
    try {
      make();
    } catch (const Error& error) {
      const std::string what = error.what();
      return what.find("has no option") == std::string::npos ? "" : what;
    }
    return "";
  };
  for (const std::string& name : names) {
    for (const graph::NetOptions& options : changes) {
      const std::string plain = refusal([&] { make_classifier(name, 7, options); });
      const std::string graph = refusal([&] { graph::graph_of(name, 7, options, {}, "file"); });
      CHECK(graph == (plain.empty() ? "" : "file: " + plain));
    }
  }
}

TEST_CASE("Every way to build a residual network says the same as a graph", "[nn][unit]") {
  for (const auto block : {graph::BlockKind::post, graph::BlockKind::pre}) {
    for (const auto se : {graph::SqueezeExcitation::off, graph::SqueezeExcitation::on}) {
      for (const auto shortcut : {graph::ShortcutKind::stride, graph::ShortcutKind::pool}) {
        for (const auto downsample : {graph::DownsampleKind::stride, graph::DownsampleKind::blur}) {
          CAPTURE(choice_name(block), choice_name(se), choice_name(shortcut),
                  choice_name(downsample));
          graph::NetOptions options;
          options.block = block;
          options.se = se;
          options.shortcut = shortcut;
          options.downsample = downsample;
          options.width = 0.5;
          check_equal("small", options);
        }
      }
    }
  }
}

TEST_CASE("Widths and strides of other networks say the same as a graph", "[nn][unit]") {
  for (const double width : {0.25, 1.5}) {
    graph::NetOptions options;
    options.width = width;
    for (const char* name : {"mini-xception", "base", "nano"}) check_equal(name, options);
  }
  graph::NetOptions options;
  options.stem_stride = 1;
  check_equal("nano", options);
}

}  // namespace
}  // namespace fer::nn
