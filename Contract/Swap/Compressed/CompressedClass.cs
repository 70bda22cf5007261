namespace PageProof.Contract.Swap.Compressed;

/// <summary>
/// The classes of steps that a run of the laws of compressed stores has to reach: command by kind of answer, and
/// what it meets.
/// </summary>
public enum CompressedClass : byte
{
    /// <summary>Zswap: a page goes to the pool.</summary>
    ZswapStored,
    /// <summary>Zswap: a page of one word is noted.</summary>
    ZswapSameFilled,
    /// <summary>Zswap: a page that does not become shorter goes to the device.</summary>
    ZswapIncompressible,
    /// <summary>Zswap: what the slot held goes from the pool first.</summary>
    ZswapStoredAgain,
    /// <summary>Zswap: a page goes to a slot whose page on the device is older.</summary>
    ZswapStoredOverDevice,
    /// <summary>Zswap: the pool is at its limit, and makes room by the oldest pages.</summary>
    ZswapMadeRoom,
    /// <summary>Zswap: the pool is below its limit again, but not below its threshold.</summary>
    ZswapStillFull,
    /// <summary>Zswap: the pool has fallen to its threshold by itself, and accepts again.</summary>
    ZswapAcceptsAgain,
    /// <summary>Zswap: no room can be made, and the page goes to the device.</summary>
    ZswapPassedOn,
    /// <summary>Zswap: the device does not take the page.</summary>
    ZswapStoreFailed,
    /// <summary>Zswap: the device does not take one of the oldest pages, which stays in the pool.</summary>
    ZswapWriteBackFailed,
    /// <summary>Zswap: the device does not take a page that would have made room, and the next one does.</summary>
    ZswapMadeRoomByAnother,
    /// <summary>Zswap: the device takes nothing, and the attempt to make room is given up.</summary>
    ZswapGivenUp,
    /// <summary>Zswap: pages are written back because they are told to be.</summary>
    ZswapShrunk,
    /// <summary>Zswap: there is nothing to write back.</summary>
    ZswapShrunkNothing,
    /// <summary>Zswap: loaded from the pool.</summary>
    ZswapLoadedPool,
    /// <summary>Zswap: loaded from the pool, which gives it up.</summary>
    ZswapLoadedAlone,
    /// <summary>Zswap: a page of one word is loaded.</summary>
    ZswapLoadedWord,
    /// <summary>Zswap: loaded from the device.</summary>
    ZswapLoadedDevice,
    /// <summary>Zswap: loaded from the device, to which the pool has written it back.</summary>
    ZswapLoadedWrittenBack,
    /// <summary>Zswap: loaded after the slot has been released and used again.</summary>
    ZswapLoadedReused,
    /// <summary>Zswap: the device does not read.</summary>
    ZswapLoadFailed,
    /// <summary>Zswap: the slot holds nothing.</summary>
    ZswapLoadedNothing,
    /// <summary>Zswap: a slot is released whose page is in the pool.</summary>
    ZswapReleasedPool,
    /// <summary>Zswap: a slot is released whose page is one word.</summary>
    ZswapReleasedWord,
    /// <summary>Zswap: a slot is released whose page is on the device.</summary>
    ZswapReleasedDevice,
    /// <summary>Zswap: the limit is lowered below what is in the pool.</summary>
    ZswapLimitLowered,
    /// <summary>Zswap: compaction frees memory.</summary>
    ZswapCompacted,
    /// <summary>Zram: a page is stored compressed.</summary>
    ZramStored,
    /// <summary>Zram: a page of one word is noted.</summary>
    ZramSameFilled,
    /// <summary>Zram: a page is stored as it is because it does not become shorter.</summary>
    ZramRaw,
    /// <summary>Zram: a page is stored as it is because it would have a page of the pool alone anyway.</summary>
    ZramRawThoughShorter,
    /// <summary>Zram: what the slot held goes first.</summary>
    ZramStoredAgain,
    /// <summary>Zram: a page goes to a slot whose page is on the backing device.</summary>
    ZramStoredOverDevice,
    /// <summary>Zram: the page would be beyond the limit.</summary>
    ZramLimitHit,
    /// <summary>Zram: beyond the limit, and the slot had held a page.</summary>
    ZramLimitHitAgain,
    /// <summary>Zram: at the limit, a page fits into what the pool has.</summary>
    ZramStoredAtLimit,
    /// <summary>Zram: a compressed page is loaded.</summary>
    ZramLoadedPool,
    /// <summary>Zram: an uncompressed page is loaded.</summary>
    ZramLoadedRaw,
    /// <summary>Zram: a page of one word is loaded.</summary>
    ZramLoadedWord,
    /// <summary>Zram: a page is loaded from the backing device.</summary>
    ZramLoadedDevice,
    /// <summary>Zram: loaded after the slot has been released and used again.</summary>
    ZramLoadedReused,
    /// <summary>Zram: a slot that holds nothing reads as zeros.</summary>
    ZramLoadedZeros,
    /// <summary>Zram: the backing device does not read.</summary>
    ZramLoadFailed,
    /// <summary>Zram: a slot is released whose page is in the pool.</summary>
    ZramReleasedPool,
    /// <summary>Zram: a slot is released whose page is uncompressed.</summary>
    ZramReleasedRaw,
    /// <summary>Zram: a slot is released whose page is on the backing device.</summary>
    ZramReleasedDevice,
    /// <summary>Zram: uncompressed pages are written back.</summary>
    ZramWrittenBackHuge,
    /// <summary>Zram: idle pages are written back.</summary>
    ZramWrittenBackIdle,
    /// <summary>Zram: idle pages are written back, and one that has been asked for since is not.</summary>
    ZramNotIdleAnyMore,
    /// <summary>Zram: pages that are both are written back, and one that is only one of them is not.</summary>
    ZramWrittenBackBoth,
    /// <summary>Zram: the backing device does not take a page, which stays.</summary>
    ZramWriteBackFailed,
    /// <summary>Zram: the backing device has no room left.</summary>
    ZramBackingFull,
    /// <summary>Zram: there is nothing to write back.</summary>
    ZramWrittenBackNothing,
    /// <summary>Zram: compaction frees memory.</summary>
    ZramCompacted,
}
