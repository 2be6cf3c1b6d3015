#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include "fer/train/device_graph.h"

namespace fer::train {

namespace {

// As in PyTorch's notes on CUDA graphs.
constexpr int kWarmUps = 3;

}  // namespace

class DeviceGraph::Recording {
 public:
  bool run(const std::function<void()>& work) {
    if (warm_ups_ < kWarmUps) {
      ++warm_ups_;
      work();
      return true;
    }
    if (!graph_ && !record(work)) return false;
    graph_->replay();
    return true;
  }

  bool recorded() const { return graph_ != nullptr; }

 private:
  // Recording runs nothing; the caller's replay is the first run.
  bool record(const std::function<void()>& work) {
    c10::cuda::getCurrentCUDAStream().synchronize();
    // Frees the memory of the warm-ups, so that the recording's own pool has room.
    c10::cuda::CUDACachingAllocator::emptyCache();
    auto graph = std::make_unique<at::cuda::CUDAGraph>();
    // Only this thread's calls can break the recording; other threads may use CUDA.
    graph->capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
    bool worked = true;
    try {
      work();
    } catch (const std::exception&) {
      worked = false;
    }
    // Always ends the recording, because a stream that is still recording can never be used again.
    try {
      graph->capture_end();
    } catch (const std::exception&) {
      worked = false;
    }
    if (worked) graph_ = std::move(graph);
    return worked;
  }

  int warm_ups_ = 0;
  std::unique_ptr<at::cuda::CUDAGraph> graph_;
};

class OwnStream::Guard {
 public:
  explicit Guard(c10::Device device) : device_(device), stream_(waited_for(device)) {}
  ~Guard() {
    try {
      stream_.current_stream().synchronize();
    } catch (const std::exception&) {  // the first error is the one to report
    }
  }

 private:
  // Waits until the work on the device's own stream is done before the other stream starts.
  static c10::cuda::CUDAStream waited_for(c10::Device device) {
    c10::cuda::device_synchronize();
    return c10::cuda::getStreamFromPool(/*isHighPriority=*/false, device.index());
  }

  c10::cuda::CUDAGuard device_;
  c10::cuda::CUDAStreamGuard stream_;
};

bool DeviceGraph::records_on(c10::Device device) { return device.is_cuda(); }

DeviceGraph::DeviceGraph(c10::Device device)
    : recording_(device.is_cuda() ? std::make_unique<Recording>() : nullptr) {}
DeviceGraph::~DeviceGraph() = default;

bool DeviceGraph::run(const std::function<void()>& work) {
  if (recording_) return recording_->run(work);
  work();
  return true;
}

bool DeviceGraph::recorded() const { return recording_ && recording_->recorded(); }

OwnStream::OwnStream(c10::Device device)
    : guard_(device.is_cuda() ? std::make_unique<Guard>(device) : nullptr) {}
OwnStream::~OwnStream() = default;

}  // namespace fer::train
