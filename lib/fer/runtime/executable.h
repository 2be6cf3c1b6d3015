// A network that is compiled for this machine's CPU: faces in, logits out. It needs neither
// LibTorch nor OpenCV.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "fer/graph/graph.h"
#include "fer/graph/reach.h"
#include "fer/runtime/cpu.h"
#include "fer/runtime/precision.h"
#include "fer/runtime/team.h"

namespace fer::runtime {

class Margin;
struct Blank;

struct CompileOptions {
  std::int64_t height = 48, width = 48;  // of the input, in pixels
  Precision precision = Precision::float32;
  Instructions instructions = chosen_instructions();
};

// The number that each byte of grey stands for: level * scale - shift.
class GreyLevels {
 public:
  GreyLevels(float scale, float shift);
  // 0 to 255, as they are.
  static GreyLevels unchanged() { return {1.0F, 0.0F}; }
  float operator[](std::uint8_t level) const { return values_[level]; }
  // The same for `count` of them.
  void convert(const std::uint8_t* from, std::int64_t count, float* to) const;

 private:
  std::array<float, 256> values_;
  bool unchanged_;
};

// Does not change once it is made, and may be run by several threads at the same time, each with a
// team of its own. It keeps the memory of its runs for the next ones.
class Executable {
 public:
  // Packs a copy of the weights; `graph` is not needed afterwards. @throws fer::Error where the
  // graph does not fit together for this input (graph::shapes_of), for bfloat16 where the
  // instructions have none, and for int8 where no layer has a scale that it could run with.
  explicit Executable(const graph::Graph& graph, const CompileOptions& options = {});
  ~Executable();
  Executable(const Executable&) = delete;
  Executable& operator=(const Executable&) = delete;

  graph::Shape input() const;
  graph::Shape output(std::size_t number = 0) const;
  Instructions instructions() const { return instructions_; }
  Precision precision() const { return precision_; }

  // images: float32 [N, channels, height, width] -> each output as float32 [N, channels, height,
  // width]. Many images are divided among the team's threads, each for itself; fewer images than
  // threads are divided by rows. An image's results are the same alone and among others, bit for
  // bit. @throws fer::Error where the number of floats is no multiple of an image's.
  std::vector<std::vector<float>> run(std::span<const float> images, Team& team) const;

  // images: bytes [N, height, width, channels].
  std::vector<std::vector<float>> run(std::span<const std::uint8_t> images,
                                      const GreyLevels& levels, Team& team) const;

  // The same, bit for bit, for images whose bytes are 0 outside of `content`, an upper left corner
  // of at least one pixel: what these zeros alone determine is computed once for many calls.
  std::vector<std::vector<float>> run(std::span<const std::uint8_t> images,
                                      const GreyLevels& levels, Team& team,
                                      const graph::Extent& content) const;

 private:
  struct Parts;
  class Lease;

  // Null where there is none yet.
  std::shared_ptr<const Margin> margin_of(const Blank& blank) const;
  template <typename LoadRow>
  std::vector<std::vector<float>> run_images(std::int64_t count, const Margin* margin,
                                             const LoadRow& load, Team& team) const;

  Instructions instructions_;
  Precision precision_;
  std::unique_ptr<Parts> parts_;
};

// Logits [N, classes] become probabilities, in place: softmax(logits / temperature).
void softmax_rows(std::span<float> logits, std::int64_t classes, double temperature);

}  // namespace fer::runtime
