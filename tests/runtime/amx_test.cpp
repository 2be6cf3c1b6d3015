// Tests what is around the AMX instructions, with the instructions themselves in plain code: few
// machines have them.
#include <string>
#include <vector>

#include "fer/runtime/executable.h"
#include "fer/runtime/kernels/table.h"
#include "fer/runtime/lowering.h"
#include "support/catch.h"
#include "support/naive_network.h"
#include "support/random_graph.h"

namespace fer::runtime {
namespace {

using graph::Activation;
using test::conv_of;
using test::NaiveMap;
using test::NaiveNetwork;
using test::Numbers;

// The only output of a program for one image.
std::vector<float> run_program(const Program& program, const std::vector<float>& image) {
  Slots slots;
  for (const std::int64_t bytes : program.slots) {
    slots.emplace_back(static_cast<std::size_t>(bytes + kSlack), '\0');
  }
  const graph::Shape& size = program.input.shape.size;
  for (std::int64_t y = 0; y < size.height; ++y) {
    auto* row = reinterpret_cast<float*>(program.input.row(slots, 0, y));
    for (std::int64_t x = 0; x < size.width; ++x) {
      row[x] = image[static_cast<std::size_t>(y * size.width + x)];
    }
  }
  for (const Step& step : program.steps) {
    const graph::Extent& whole = program.whole[step.value];
    const std::int64_t pieces = step.layer->pieces(1, whole);
    for (std::int64_t piece = 0; piece < pieces; ++piece) step.layer->run(slots, 1, whole, piece);
  }
  const Map& output = program.outputs.at(0);
  const auto* first = reinterpret_cast<const float*>(output.row(slots, 0, 0));
  return {first, first + output.shape.size.channels};
}

TEST_CASE("Convolutions by AMX are what their definition says", "[runtime][unit]") {
  const Kernels* kernels = emulated_amx_kernels();
  if (kernels == nullptr) FER_SKIP("the processor has no bfloat16");
  struct Sizes {
    std::int64_t channels, outputs, kernel, stride, padding, height, width;
    bool pools;
  };
  const std::vector<Sizes> all = {
      {24, 48, 3, 1, 1, 6, 6, false},  {32, 40, 3, 2, 1, 9, 26, false},
      {16, 16, 1, 1, 0, 5, 48, false}, {8, 70, 3, 1, 1, 6, 34, true},
      {24, 24, 3, 1, 0, 3, 3, false},  {6, 32, 2, 1, 1, 1, 17, false},
      {64, 20, 3, 1, 1, 4, 2, true},   {10, 34, 5, 3, 2, 12, 20, false}};
  for (const Sizes& s : all) {
    CAPTURE(s.channels, s.outputs, s.kernel, s.stride, s.padding, s.height, s.width, s.pools);
    Numbers numbers;
    graph::Graph net;
    const auto first =
        net.add(conv_of(numbers, {.outputs = s.channels, .kernel = 1, .padding = 0}));
    auto x = net.add(conv_of(numbers, {.from = first,
                                       .inputs = s.channels,
                                       .outputs = s.outputs,
                                       .kernel = s.kernel,
                                       .stride = s.stride,
                                       .padding = s.padding,
                                       .activation = Activation::relu}));
    if (s.pools) x = net.add(graph::Pool{.from = x});
    x = net.add(conv_of(numbers, {.from = x, .inputs = s.outputs, .outputs = s.outputs, .add = x}));
    net.outputs = {net.add(graph::Mean{x})};
    const auto image = numbers.normal(s.height * s.width);
    const Program program = lower(net, s.height, s.width, *kernels, Precision::bfloat16);
    const NaiveMap input{{1, s.height, s.width}, {image.begin(), image.end()}};
    const NaiveNetwork naive(net, input);
    const std::vector<double>& expected = naive.value(net.outputs[0]).values;
    const std::vector<float> got = run_program(program, image);
    REQUIRE(got.size() == expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      CHECK(got[i] == Approx(expected[i]).margin(0.03));
    }
  }
}

}  // namespace
}  // namespace fer::runtime
