namespace ScyllaBot.Core.Clusters;

/// <summary>The inventory as it is now. It may be replaced while the bot runs; a running job keeps the cluster it was bound to.</summary>
public sealed class InventoryBook(Inventory first)
{
    private volatile Inventory _current = first;

    public Inventory Current => _current;

    public void Replace(Inventory inventory) => _current = inventory;

    public static implicit operator InventoryBook(Inventory inventory) => new(inventory);
}
