// Networks of ONNX files beside ONNX Runtime, from the file to the numbers.
#include <algorithm>
#include <cmath>
#include <filesystem>
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

TEST_CASE("A network out of an ONNX file says what ONNX Runtime says", "[runtime][unit]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors");
  const test::TemporaryFolder folder;
  test::run_python("onnx_reference.py", {"build", folder.path().string()});
  for (const char* name : {"mobile", "xception", "residual_prelu", "pyramid", "channels_last",
                           "keras_mobile", "torch_shapes"}) {
    CAPTURE(name);
    const std::string content = read_file(folder / (name + std::string(".onnx")), 1 << 20);
    const SafetensorsFile reference(folder / (name + std::string(".safetensors")));
    const StoredTensor* input = reference.find("input");
    REQUIRE(input != nullptr);
    const graph::OnnxFile file = graph::read_onnx_file(content, name);
    const bool last = input->shape[3] <= 3;
    const std::int64_t height = input->shape[last ? 1 : 2], width = input->shape[last ? 2 : 3];
    const graph::OnnxGraph net = graph::graph_of_onnx(file, {height, width}, name);
    CHECK(net.channels_last == last);
    Floats picture = reference.floats(*input);
    if (last) picture = turned(picture, height * width, input->shape[3]);
    for (const Instructions instructions : runnable_instructions()) {
      CAPTURE(name_of(instructions));
      const Executable executable(net.graph, {height, width, Precision::float32, instructions});
      Team team(2);
      const auto results = executable.run(picture, team);
      REQUIRE(results.size() == net.outputs.size());
      for (std::size_t i = 0; i < results.size(); ++i) {
        CAPTURE(net.outputs[i].name);
        const StoredTensor* expected = reference.find(net.outputs[i].name);
        REQUIRE(expected != nullptr);
        CHECK(net.outputs[i].dims == expected->shape);
        check_near(as_told(net.outputs[i], executable.output(i), results[i]),
                   reference.floats(*expected));
      }
    }
  }
}

}  // namespace
}  // namespace fer::runtime
