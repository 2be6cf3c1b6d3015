// Networks of ONNX files beside ONNX Runtime, from the file to the numbers.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "fer/core/files.h"
#include "fer/core/safetensors_file.h"
#include "fer/graph/onnx_graph.h"
#include "fer/runtime/executable.h"
#include "support/catch.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer::runtime {
namespace {

using Floats = std::vector<float>;

// [N rows of `from`, `to`] -> [N rows of `to`, `from`]
Floats turned(const Floats& numbers, std::int64_t from, std::int64_t to) {
  Floats all(numbers.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto at = static_cast<std::int64_t>(i);
    all[i] = numbers[static_cast<std::size_t>(at % from * to + at / from)];
  }
  return all;
}

// One output as the file says it is.
Floats as_told(const graph::OnnxOutput& output, const graph::Shape& shape, Floats numbers) {
  if (output.softmax) softmax_rows(numbers, shape.channels, 1.0);
  for (float& number : numbers) number = output.log ? std::log(number) : number;
  if (!output.channels_last) return numbers;
  return turned(numbers, shape.channels, shape.height * shape.width);
}

void check_near(const Floats& got, const Floats& expected) {
  REQUIRE(got.size() == expected.size());
  double size = 1.0, largest = 0.0;
  for (const float number : expected) size = std::max(size, std::abs(double{number}));
  for (std::size_t i = 0; i < got.size(); ++i) {
    largest = std::max(largest, std::abs(double{got[i]} - double{expected[i]}));
  }
  CHECK(largest < 2e-5 * size);
}

// FOLDER/NAME.onnx with what ONNX Runtime makes of it, FOLDER/NAME.safetensors.
struct Reference {
  Reference(const test::TemporaryFolder& folder, const std::string& name)
      : file(graph::read_onnx_file(read_file(folder / (name + ".onnx"), 1 << 20), name)),
        numbers(folder / (name + ".safetensors")) {}

  graph::OnnxFile file;
  SafetensorsFile numbers;
};

void check_like_onnx_runtime(const Reference& reference, const std::string& name) {
  const StoredTensor* input = reference.numbers.find("input");
  REQUIRE(input != nullptr);
  const bool last = input->shape[3] <= 3;
  const std::int64_t height = input->shape[last ? 1 : 2], width = input->shape[last ? 2 : 3];
  const graph::OnnxGraph net = graph::graph_of_onnx(reference.file, {height, width}, name);
  CHECK(net.channels_last == last);
  Floats picture = reference.numbers.floats(*input);
  if (last) picture = turned(picture, height * width, input->shape[3]);
  for (const Instructions instructions : runnable_instructions()) {
    CAPTURE(name_of(instructions));
    const Executable executable(net.graph, {height, width, Precision::float32, instructions});
    Team team(2);
    const auto results = executable.run(picture, team);
    REQUIRE(results.size() == net.outputs.size());
    for (std::size_t i = 0; i < results.size(); ++i) {
      CAPTURE(net.outputs[i].name);
      const StoredTensor* expected = reference.numbers.find(net.outputs[i].name);
      REQUIRE(expected != nullptr);
      CHECK(net.outputs[i].dims == expected->shape);
      check_near(as_told(net.outputs[i], executable.output(i), results[i]),
                 reference.numbers.floats(*expected));
    }
  }
}

TEST_CASE("A network out of an ONNX file says what ONNX Runtime says", "[runtime][unit]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors");
  const test::TemporaryFolder folder;
  test::run_python("onnx_reference.py", {"build", folder.path().string()});
  for (const char* name : {"mobile", "xception", "residual_prelu", "pyramid", "channels_last",
                           "keras_mobile", "torch_shapes"}) {
    CAPTURE(name);
    check_like_onnx_runtime(Reference(folder, name), name);
  }
}

TEST_CASE("Each operator of ONNX files says what ONNX Runtime says, with each of its attributes",
          "[runtime][unit]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors");
  const test::TemporaryFolder folder;
  test::run_python("onnx_operators.py", {folder.path().string()});
  std::set<std::string> tried;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    if (entry.path().extension() != ".onnx") continue;
    const std::string name = entry.path().stem().string();
    CAPTURE(name);
    const Reference reference(folder, name);
    for (const graph::OnnxNode& node : reference.file.nodes) tried.insert(node.type);
    check_like_onnx_runtime(reference, name);
  }
  const auto all = graph::onnx_operators();
  CHECK(tried == std::set<std::string>(all.begin(), all.end()));
}

}  // namespace
}  // namespace fer::runtime
