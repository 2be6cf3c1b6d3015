#include "fer/graph/tail.h"

#include <cmath>
#include <string>
#include <vector>

#include "support/catch.h"
#include "support/naive_network.h"
#include "support/random_graph.h"

namespace fer::graph {
namespace {

using test::conv_of;
using test::naive_map;
using test::NaiveNetwork;
using test::Numbers;

constexpr std::int64_t kChannels = 4, kSide = 6;

struct TailOfNetwork {
  std::string name;
  Graph graph;  // of an input that stands for the map
};

Graph ending(Graph graph, ValueId last, Numbers& numbers) {
  const ValueId mean = graph.add(Mean{last});
  const auto shapes = shapes_of(graph, kSide, kSide);
  const std::int64_t channels = shapes[mean].channels;
  graph.outputs = {graph.add(Linear{.from = mean,
                                    .outputs = 3,
                                    .weights = numbers.normal(3 * channels),
                                    .bias = numbers.normal(3)})};
  return graph;
}

Graph started() {
  Graph graph;
  graph.channels = kChannels;
  return graph;
}

std::vector<TailOfNetwork> tails() {
  Numbers numbers(7);
  std::vector<TailOfNetwork> all;
  const auto add = [&](const std::string& name, const auto& build) {
    Graph graph = started();
    const ValueId last = build(graph);
    all.push_back({name, ending(std::move(graph), last, numbers)});
  };
  add("mean alone", [](Graph&) { return kInput; });
  add("strided convolution with ReLU", [&](Graph& graph) {
    return graph.add(conv_of(
        numbers, {.inputs = kChannels, .outputs = 5, .stride = 2, .activation = Activation::relu}));
  });
  add("residual block", [&](Graph& graph) {
    const ValueId down = graph.add(conv_of(
        numbers, {.inputs = kChannels, .outputs = 6, .kernel = 1, .stride = 2, .padding = 0}));
    const ValueId first = graph.add(conv_of(
        numbers, {.inputs = kChannels, .outputs = 6, .stride = 2, .activation = Activation::relu}));
    return graph.add(conv_of(
        numbers,
        {.from = first, .inputs = 6, .outputs = 6, .activation = Activation::relu, .add = down}));
  });
  add("depthwise convolution", [&](Graph& graph) {
    return graph.add(
        conv_of(numbers, {.inputs = kChannels, .outputs = kChannels, .groups = kChannels}));
  });
  add("channels that are scaled", [&](Graph& graph) {
    return graph.add(Affine{.from = kInput,
                            .scale = numbers.normal(kChannels),
                            .shift = numbers.normal(kChannels),
                            .activation = Activation::relu});
  });
  add("squeeze and excitation", [&](Graph& graph) {
    const ValueId mean = graph.add(Mean{kInput});
    const ValueId open = graph.add(Linear{.from = mean,
                                          .outputs = kChannels,
                                          .weights = numbers.normal(kChannels * kChannels),
                                          .bias = numbers.normal(kChannels)});
    return graph.add(
        Gate{.from = kInput, .gate = open, .add = kInput, .activation = Activation::relu});
  });
  for (const PoolKind kind : {PoolKind::max, PoolKind::average}) {
    add(kind == PoolKind::max ? "largest of a window" : "mean of a window", [&](Graph& graph) {
      return graph.add(Pool{.from = kInput, .kind = kind, .kernel = 3, .stride = 2, .padding = 1});
    });
  }
  for (const Activation activation :
       {Activation::sigmoid, Activation::relu6, Activation::hard_sigmoid, Activation::hard_swish,
        Activation::swish}) {
    add("a sum with activation " + std::to_string(static_cast<int>(activation)), [&](Graph& graph) {
      const ValueId conv = graph.add(conv_of(numbers, {.inputs = kChannels, .outputs = kChannels}));
      return graph.add(Add{.from = conv, .other = kInput, .activation = activation});
    });
    add("a gate with activation " + std::to_string(static_cast<int>(activation)),
        [&](Graph& graph) {
          const ValueId mean = graph.add(Mean{kInput});
          return graph.add(Gate{.from = kInput, .gate = mean, .opens = activation});
        });
  }
  add("parts of a map, joined and enlarged", [&](Graph& graph) {
    const ValueId slopes = graph.add(PRelu{kInput, numbers.normal(kChannels)});
    const ValueId both = graph.add(Concat{{slopes, kInput}});
    const ValueId half = graph.add(Pool{.from = graph.add(Upsample{both, 2})});
    return graph.add(PixelShuffle{
        graph.add(conv_of(numbers, {.from = half, .inputs = 2 * kChannels, .outputs = 8})), 2});
  });
  for (const ResizeKind kind : {ResizeKind::nearest, ResizeKind::linear}) {
    add(kind == ResizeKind::linear ? "between pixels" : "nearest pixels", [&](Graph& graph) {
      const ValueId conv = graph.add(conv_of(numbers, {.inputs = kChannels, .outputs = kChannels}));
      return graph.add(Resize{.from = conv, .rows = 4, .cols = 11, .kind = kind});
    });
  }
  add("products of maps, and with a number for each pixel", [&](Graph& graph) {
    const ValueId conv = graph.add(conv_of(numbers, {.inputs = kChannels, .outputs = kChannels}));
    const ValueId single = graph.add(conv_of(numbers, {.inputs = kChannels, .outputs = 1}));
    return graph.add(Multiply{graph.add(Multiply{kInput, conv}), single});
  });
  return all;
}

// The gradient by differences of the network in double precision.
double slope(const Graph& graph, std::vector<double> values, std::size_t place,
             const std::vector<float>& direction) {
  constexpr double kStep = 1e-5;
  const auto score = [&](double change) {
    std::vector<double> moved = values;
    moved[place] += change;
    const test::NaiveMap map{{kChannels, kSide, kSide}, moved};
    const NaiveNetwork network(graph, map);
    const std::vector<double>& output = network.value(graph.outputs[0]).values;
    double sum = 0.0;
    for (std::size_t i = 0; i < output.size(); ++i) sum += double{direction[i]} * output[i];
    return sum;
  };
  return (score(kStep) - score(-kStep)) / (2.0 * kStep);
}

TEST_CASE("A tail's gradient is the slope of its outputs", "[graph][unit]") {
  const std::vector<float> direction = {0.6F, -0.2F, -0.4F};
  for (const auto& [name, graph] : tails()) {
    CAPTURE(name);
    const std::vector<Shape> shapes = shapes_of(graph, kSide, kSide);
    const std::vector<float> values = Numbers(3).normal(kChannels * kSide * kSide);
    const std::vector<float> gradient = tail_gradient(graph, shapes, kInput, values, direction);
    REQUIRE(gradient.size() == values.size());
    for (std::size_t place = 0; place < values.size(); place += 5) {
      const double expected = slope(graph, {values.begin(), values.end()}, place, direction);
      CHECK(std::abs(double{gradient[place]} - expected) < 2e-4);
    }
  }
}

TEST_CASE("The last map is the last one that is large enough and that all later nodes go through",
          "[graph][unit]") {
  Numbers numbers;
  Graph graph;
  const ValueId first = graph.add(conv_of(numbers, {.outputs = 2}));
  const ValueId branch = graph.add(conv_of(numbers, {.from = first, .inputs = 2, .outputs = 2}));
  const ValueId sum = graph.add(Add{.from = branch, .other = first});
  const ValueId small = graph.add(Pool{.from = sum});
  graph.outputs = {graph.add(Mean{small})};
  const std::vector<Shape> shapes = shapes_of(graph, 12, 12);
  CHECK(last_map(graph, shapes, 12) == sum);  // not `branch`: the sum reads `first`, too
  CHECK(last_map(graph, shapes, 6) == small);
  CHECK(last_map(graph, shapes, 1) == graph.outputs[0]);
  CHECK(last_map(graph, shapes, 13) == kInput);
}

}  // namespace
}  // namespace fer::graph
