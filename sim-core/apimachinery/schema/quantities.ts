/** DRA's quantities, the same in each of its versions. */
const RESOURCE_QUANTITIES: readonly string[] = [
  'CapacityRequestPolicy.default',
  'CapacityRequestPolicy.validValues',
  'CapacityRequestPolicyRange.max',
  'CapacityRequestPolicyRange.min',
  'CapacityRequestPolicyRange.step',
  'CapacityRequirements.requests',
  'Counter.value',
  'DeviceCapacity.value',
  'DeviceRequestAllocationResult.consumedCapacity',
  'NodeAllocatableResourceMapping.allocationMultiplier',
];

/**
 * Fields that hold quantities and came after kubernetes-types 1.30, which knows the others;
 * client-node calls them strings.
 */
export const QUANTITIES: readonly string[] = [
  'autoscaling.v2.HPAScalingRules.tolerance',
  'core.v1.NodeAllocatableResourceClaimStatus.resources',
  'core.v1.PodStatus.allocatedResources',
  ...['v1', 'v1beta1', 'v1beta2'].flatMap((version) =>
    RESOURCE_QUANTITIES.map((field) => `resource.${version}.${field}`),
  ),
];
