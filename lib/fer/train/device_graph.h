// Device work that is recorded once and launched whole from then on.
#pragma once

#include <c10/core/Device.h>

#include <functional>
#include <memory>

namespace fer::train {

// A small network's step is hundreds of kernels that run for microseconds each: launching them one
// by one takes the host longer than the GPU takes to run them. Recorded as a CUDA graph they are
// one launch.
//
// The work must be the same each time: it reads and writes the same tensors, its shapes do not
// change, and it never waits for the device. Random numbers go on from launch to launch.
class DeviceGraph {
 public:
  // Whether this build records on this device: a CUDA device, and CUDA's headers when it was built.
  static bool records_on(c10::Device device);

  explicit DeviceGraph(c10::Device device);
  ~DeviceGraph();
  DeviceGraph(const DeviceGraph&) = delete;
  DeviceGraph& operator=(const DeviceGraph&) = delete;

  // Does `work`: the first few times as it is (libraries choose their kernels and make their
  // workspaces then), later by the recording. Where nothing records, always as it is. False where
  // recording failed: nothing was done on the device then, and nothing can be done with this graph.
  [[nodiscard]] bool run(const std::function<void()>& work);

  // Whether there is a recording, which the last run() launched.
  bool recorded() const;

 private:
  class Recording;
  std::unique_ptr<Recording> recording_;
};

// While it lives, this thread's work on a CUDA device goes to a stream of its own, which recording
// needs for all of a run: gradients remember the stream they were first made on. Nothing on a CPU.
class OwnStream {
 public:
  explicit OwnStream(c10::Device device);
  ~OwnStream();
  OwnStream(const OwnStream&) = delete;
  OwnStream& operator=(const OwnStream&) = delete;

 private:
  class Guard;
  std::unique_ptr<Guard> guard_;
};

}  // namespace fer::train
