// python/rebuild.py runs model files in PyTorch with the same results.
#include <ATen/ATen.h>
#include <torch/utils.h>

#include <map>
#include <string>
#include <vector>

#include "fer/core/safetensors_file.h"
#include "fer/core/safetensors_writer.h"
#include "fer/infer/face_model.h"
#include "fer/model/model_file.h"
#include "fer/nn/architectures.h"
#include "fer/nn/model.h"
#include "fer/tensors/face_images.h"
#include "support/catch.h"
#include "support/python.h"
#include "support/shaken_model.h"
#include "support/temporary_folder.h"

namespace fer::nn {
namespace {

Faces faces_to_compare(const FaceFormat& format) {
  std::vector<std::uint8_t> levels(3 * format.bytes());
  std::uint32_t state = 3;
  for (std::uint8_t& level : levels) {
    state = state * 1664525U + 1013904223U;
    level = static_cast<std::uint8_t>(state >> 24);
  }
  return {format, std::move(levels)};
}

struct Variant {
  std::string architecture;
  graph::NetOptions options;
  FaceFormat faces = {};
};

// Every architecture, and every option that changes what is computed.
std::vector<Variant> variants() {
  std::vector<Variant> all;
  for (const Architecture& architecture : architectures()) {
    all.push_back({architecture.name, {}});
    all.push_back({architecture.name, {}, {64, 64, Colour::rgb}});
    graph::NetOptions narrow;
    narrow.width = 0.45;
    if (architecture.name != "seed-cnn") all.push_back({architecture.name, narrow});
  }
  for (const auto block : {graph::BlockKind::post, graph::BlockKind::pre}) {
    for (const auto shortcut : {graph::ShortcutKind::stride, graph::ShortcutKind::pool}) {
      for (const auto downsample : {graph::DownsampleKind::stride, graph::DownsampleKind::blur}) {
        graph::NetOptions options;
        options.block = block;
        options.shortcut = shortcut;
        options.downsample = downsample;
        options.se = block == graph::BlockKind::pre ? graph::SqueezeExcitation::on
                                                    : graph::SqueezeExcitation::automatic;
        options.stem_stride = 2;
        all.push_back({"small", options});
        all.push_back({"large", options});
      }
    }
  }
  return all;
}

TEST_CASE("The PyTorch script rebuilds every architecture from its file, options and all",
          "[nn][integration]") {
  const std::string lacking = test::python_lacks({"torch", "safetensors"});
  if (!lacking.empty()) FER_SKIP(lacking);
  const test::TemporaryFolder folder;
  std::map<std::string, std::vector<float>> expected;
  runtime::Team team(1);
  for (const auto& [architecture, options, format] : variants()) {
    const std::string name = folder / std::to_string(expected.size() + 1);
    save_model(name + ".safetensors",
               test::shaken_model(architecture, options, LabelSet::fer2013(), format));
    const Faces faces = faces_to_compare(format);
    const FacesView view = faces;
    write_safetensors(
        name + ".faces", {},
        {{"faces",
          StoredType::u8,
          tensors::sizes_of(format, 3),
          {reinterpret_cast<const char*>(view.bytes().data()), view.bytes().size()}}});
    const infer::FaceModel own(model::read_model(name + ".safetensors"), architecture);
    expected[name] = own.probabilities(faces, infer::Tta::none, team);
  }
  test::run_python("rebuild_reference.py", {folder.path().string()});
  for (const auto& [name, rows] : expected) {
    CAPTURE(name);
    const SafetensorsFile file(name + ".out");
    const std::vector<float> got = file.floats(*file.find("probabilities"));
    REQUIRE(got.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) CHECK(got[i] == Approx(rows[i]).margin(1e-5));
  }
}

}  // namespace
}  // namespace fer::nn
