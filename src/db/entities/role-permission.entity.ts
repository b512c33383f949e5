import { Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { RoleEntity } from './role.entity.ts';

@Entity('role_permissions')
export class RolePermissionEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'role_permissions_pkey' })
  role!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'role_permissions_pkey' })
  scope!: string;

  @ManyToOne(() => RoleEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'role', foreignKeyConstraintName: 'role_permissions_role_fkey' })
  ofRole!: RoleEntity;
}
