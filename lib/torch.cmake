# The rooms on LibTorch.

# LibTorch's headers take 20 to 40 s to compile: once, here, for these rooms and their tests.
fer_room(tensors core INTERFACE LibTorch::LibTorch)
target_precompile_headers(fer_tensors PRIVATE <ATen/ATen.h> <torch/nn/module.h> <torch/utils.h>
                                              <nlohmann/json.hpp>)

# fer_reuse_precompiled(TARGET): the header fits only code that is compiled alike, with -fPIC, not a
# program's -fPIE. It also keeps LibTorch's headers, which define CHECK, before Catch2's in every batch.
function(fer_reuse_precompiled target)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${target} PRIVATE -fPIC)
  target_precompile_headers(${target} REUSE_FROM fer_tensors)
endfunction()

if(FER_WITH_VISION)
  set(pictures image)
  set(detectors detect)
endif()
# Several processes that train together; one file of two, by whether Gloo's headers were there.
fer_room(ranks tensors EXCEPT "(gloo_ranks|connect_none)")
if(FER_RANKS)
  target_sources(fer_ranks PRIVATE fer/ranks/gloo_ranks.cpp)
  set_source_files_properties(fer/ranks/gloo_ranks.cpp PROPERTIES
    COMPILE_DEFINITIONS "USE_DISTRIBUTED;USE_C10D_GLOO" INCLUDE_DIRECTORIES "${FER_GLOO_INCLUDES}"
    SKIP_UNITY_BUILD_INCLUSION ON SKIP_PRECOMPILE_HEADERS ON)
else()
  target_sources(fer_ranks PRIVATE fer/ranks/connect_none.cpp)
endif()
fer_room(data tensors ${pictures})
fer_room(augment tensors)
fer_room(nn tensors infer)
fer_room(eval data nn metrics report ranks)
fer_room(train augment eval EXCEPT "device_graph_(cuda|none)")
fer_room(check train ${detectors})
foreach(room ranks data augment nn eval train check)
  fer_reuse_precompiled(fer_${room})
endforeach()
# Files that see no tensors compile faster by themselves, and share names with their neighbours.
foreach(file augment/augment_options augment/degradation augment/face_change data/class_names
             data/data_options data/synthetic_face data/synthetic_parameters data/synthetic_projection
             data/synthetic_raster ranks/launcher ranks/machine ranks/processes ranks/watch train/loss_options train/optimizer_options train/schedule
             train/train_options commands/compare_runs)
  set_source_files_properties(fer/${file}.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON
                                                         SKIP_PRECOMPILE_HEADERS ON)
endforeach()
if(LibTorch_HAS_CUDA_HEADERS)
  target_sources(fer_train PRIVATE fer/train/device_graph_cuda.cpp)
  target_link_libraries(fer_train PRIVATE LibTorch::cudart)
else()
  target_sources(fer_train PRIVATE fer/train/device_graph_none.cpp)
endif()

# The inner loops, once a vector width; which one runs is decided by the processor at hand.
foreach(kernels norm_kernels pool_kernels)
  set(options "-O3;-ffp-contract=fast")
  set(options_baseline "${options}")
  set(options_avx2 "${options};-mavx2;-mfma")
  set(options_avx512 "${options};-mavx512f;-mfma")
  foreach(width baseline avx2 avx512)
    set_source_files_properties(fer/nn/${kernels}_${width}.cpp PROPERTIES
      SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON COMPILE_OPTIONS "${options_${width}}")
  endforeach()
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    set_source_files_properties(fer/nn/${kernels}.cpp PROPERTIES
      COMPILE_DEFINITIONS "FER_X86_KERNELS=1" SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
  else()
    set_source_files_properties(fer/nn/${kernels}_avx2.cpp fer/nn/${kernels}_avx512.cpp PROPERTIES
      HEADER_FILE_ONLY ON)
  endif()
endforeach()
